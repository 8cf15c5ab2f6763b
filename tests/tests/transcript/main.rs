//! The scenario of bindings/scenario, played in Rust.
// Functions beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod ledger;
mod person;
mod server;
mod steps;
mod words;

use std::path::Path;

use ledger::Ledger;
use person::Person;
use server::Server;

#[tokio::test]
async fn the_scenario_gives_the_transcript() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/scenario/transcript.txt");
    let expected = std::fs::read_to_string(file).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path()).await;
    let mut ledger = Ledger::new(&expected);
    let mut alice = Person::new("alice", &folder.path().join("a"), &server.address);
    let mut bob = Person::new("bob", &folder.path().join("b"), &server.address);

    steps::login(&mut ledger, &server, &alice, &bob).await;
    steps::lists(&mut ledger, &mut alice, &mut bob).await;
    steps::chat(&mut ledger, &mut alice, &mut bob).await;
    steps::group(&mut ledger, &mut alice, &mut bob).await;
    steps::offline(&mut ledger, &mut server, &mut alice, &mut bob).await;
    steps::sleep(&mut ledger, &mut alice, &mut bob).await;
    steps::log_out(&mut ledger, &mut alice, &mut bob).await;
    steps::switch_account(&mut ledger, &server, &mut alice, &mut bob).await;
    steps::close(&mut ledger, &alice, &bob).await;

    assert_eq!(ledger.text(), expected);
}
