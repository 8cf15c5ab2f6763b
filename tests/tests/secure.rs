//! The same over TLS.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use whinchat_core::Platform;
use whinchat_tests::account::user_sig;
use whinchat_tests::device::{Device, conversation};
use whinchat_tests::stage::Stage;
use whinchat_tests::wait::eventually;

#[tokio::test]
async fn clients_that_trust_the_certificate_talk_and_others_are_told_why_not() {
    let stage = Stage::with_tls().await;
    let url = format!("wss://localhost:{}", stage.addr().port());
    let folder = stage.folder();
    let build = |name: &str| {
        Device::builder(&folder.join(name), Platform::Desktop, stage.addr())
            .server(&url)
            .ca_pem(stage.certificate().as_bytes().to_vec())
            .build()
            .unwrap()
    };
    let (alice, bob) = (build("alice"), build("bob"));
    alice.login("alice", &user_sig("alice")).await.unwrap();
    bob.login("bob", &user_sig("bob")).await.unwrap();
    let handle = alice.messages().send_text(&conversation("c2c_bob"), "in private").await.unwrap();
    handle.settled().await.unwrap();
    eventually("bob has it", async || {
        let shown = bob.conversations().get(&conversation("c2c_alice")).await.unwrap()?;
        (shown.last_message?.text() == Some("in private")).then_some(())
    })
    .await;

    let stranger = Device::builder(&folder.join("stranger"), Platform::Desktop, stage.addr())
        .server(&url)
        .build()
        .unwrap();
    let mut events = stranger.events();
    let login = tokio::spawn({
        let stranger = stranger.clone();
        async move { stranger.login("carol", &user_sig("carol")).await }
    });
    let told = eventually("the stranger is told", async || {
        let event = events.next().await?;
        match event {
            whinchat_core::Event::ConnectionChanged(whinchat_core::ConnectionState::Waiting {
                error,
                ..
            }) => Some(error),
            _ => None,
        }
    });
    let code = tokio::select! {
        error = told => error.code,
        ended = login => ended.unwrap().unwrap_err().code,
    };
    assert_eq!(code, 9517);
    for client in [alice, bob, stranger] {
        client.close().await;
    }
}
