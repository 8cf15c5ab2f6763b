//! The steps, as bindings/scenario/README.md numbers them.

use whinchat_core::{ConversationId, GroupId, GroupKind, History, NewGroup, NewMessage, UserId};

use crate::ledger::Ledger;
use crate::person::{Person, id};
use crate::server::Server;
use crate::words;

async fn reads_list(ledger: &mut Ledger, person: &Person) {
    let page = person.client.conversations().list(None, 20).await;
    ledger.note(format!("{} reads the list: {}", person.name, words::outcome(&page)));
}

pub(crate) async fn login(ledger: &mut Ledger, server: &Server, alice: &Person, bob: &Person) {
    ledger.note("[login]");
    reads_list(ledger, alice).await;
    let (right, wrong) = (server.signature("alice").await, server.signature("bob").await);
    for (what, signature) in [("bob's", wrong.as_str()), ("a malformed", "nonsense"), ("her", &right)] {
        let outcome = words::outcome(&alice.client.login("alice", signature).await);
        ledger.note(format!("alice logs in with {what} signature: {outcome}"));
    }
    ledger.note(format!("alice user = {}", alice.client.user().unwrap()));
    alice.connection(ledger).await;
    let outcome = words::outcome(&bob.client.login("bob", wrong).await);
    ledger.note(format!("bob logs in: {outcome}"));
    bob.connection(ledger).await;
}

pub(crate) async fn lists(ledger: &mut Ledger, alice: &mut Person, bob: &mut Person) {
    ledger.note("[observe lists]");
    alice.opens_list();
    alice.shows_list(ledger).await;
    alice.opens_timeline("c2c_bob").await;
    alice.shows_timeline(ledger, "c2c_bob").await;
    bob.opens_list();
    bob.shows_list(ledger).await;
    bob.opens_timeline("c2c_alice").await;
    bob.shows_timeline(ledger, "c2c_alice").await;
}

pub(crate) async fn chat(ledger: &mut Ledger, alice: &mut Person, bob: &mut Person) {
    ledger.note("[chat]");
    alice.says(ledger, "c2c_bob", "hello").await;
    bob.is_told(ledger, "received").await;
    bob.shows_timeline(ledger, "c2c_alice").await;
    bob.shows_list(ledger).await;
    bob.unread(ledger).await;
    let marked = bob.client.conversations().mark_read(&id("c2c_alice")).await;
    ledger.note(format!("bob marks c2c_alice read: {}", words::outcome(&marked)));
    bob.shows_list(ledger).await;
    alice.is_told(ledger, "receipt").await;
    alice.shows_timeline(ledger, "c2c_bob").await;

    let typed = bob.client.conversations().set_typing(&id("c2c_alice"), true).await;
    ledger.note(format!("bob types in c2c_alice: {}", words::outcome(&typed)));
    alice.is_told(ledger, "typing").await;
    bob.says(ledger, "c2c_alice", "hello yourself").await;
    alice.is_told(ledger, "typing").await;
    alice.is_told(ledger, "received").await;
    alice.shows_list(ledger).await;

    let knock = NewMessage::text("knock").online_only(true);
    let sent = alice.client.messages().send(&id("c2c_bob"), knock).await.unwrap();
    ledger.note(format!("alice sends online only: {}", words::message(sent.message())));
    bob.is_told(ledger, "ephemeral").await;
    let card = NewMessage::custom([0x00, 0x01, 0xff], "a card", "v1");
    let sent = alice.client.messages().send(&id("c2c_bob"), card).await.unwrap();
    ledger.note(format!("alice settled: {}", words::message(&sent.settled().await.unwrap())));
    alice.is_told(ledger, "changed").await;
    bob.is_told(ledger, "received").await;

    let refused = ConversationId::parse("nowhere");
    ledger.note(format!("alice sends to nowhere: {}", words::outcome(&refused)));
    for (to, text) in [("c2c_bob", ""), ("c2c_alice", "me")] {
        let refused = alice.client.messages().send_text(&id(to), text).await;
        ledger.note(format!("alice sends \"{text}\" to {to}: {}", words::outcome(&refused)));
    }

    let page = alice.client.messages().history(&id("c2c_bob"), History::newest(2)).await.unwrap();
    let told = words::all(&page.messages, words::message);
    ledger.note(format!("alice newest 2 of c2c_bob = {told}, complete {}", page.complete));
    let oldest = &page.messages.last().unwrap().id;
    let page = alice.client.messages().history(&id("c2c_bob"), History::older(oldest, 2)).await.unwrap();
    let told = words::all(&page.messages, words::message);
    ledger.note(format!("alice older 2 of c2c_bob = {told}, complete {}", page.complete));
}

pub(crate) async fn group(ledger: &mut Ledger, alice: &mut Person, bob: &mut Person) {
    ledger.note("[group]");
    let team = GroupId::new("team").unwrap();
    let new = || NewGroup {
        id: Some(team.clone()),
        kind: GroupKind::Work,
        name: "The team".into(),
        members: ["bob", "nobody"].into_iter().map(|user| UserId::new(user).unwrap()).collect(),
    };
    let created = alice.client.groups().create(new()).await.unwrap();
    let members: Vec<_> =
        created.members.iter().map(|(user, result)| format!("{user} {}", words::outcome(result))).collect();
    ledger.note(format!("alice creates {}: {}", created.id, members.join(", ")));
    let again = alice.client.groups().create(new()).await;
    ledger.note(format!("alice creates team again: {}", words::outcome(&again)));
    bob.shows_list(ledger).await;

    let welcome = NewMessage::text("welcome").mentions([UserId::new("bob").unwrap()]);
    let sent = alice.client.messages().send(&id("group_team"), welcome).await.unwrap();
    ledger.note(format!("alice settled: {}", words::message(&sent.settled().await.unwrap())));
    alice.is_told(ledger, "changed").await;
    // The server's word that he was invited is a message too, for everybody.
    alice.is_told(ledger, "received").await;
    bob.is_told(ledger, "received").await;
    bob.is_told(ledger, "received").await;
    bob.opens_timeline("group_team").await;
    bob.says(ledger, "group_team", "thanks").await;
    alice.is_told(ledger, "received").await;
    bob.shows_timeline(ledger, "group_team").await;

    let quit = bob.client.groups().quit(&team).await;
    ledger.note(format!("bob quits team: {}", words::outcome(&quit)));
    alice.is_told(ledger, "received").await;
    alice.shows_list(ledger).await;
    bob.shows_list(ledger).await;
    bob.says(ledger, "group_team", "one last word").await;
    bob.shows_timeline(ledger, "group_team").await;
}

pub(crate) async fn offline(ledger: &mut Ledger, server: &mut Server, alice: &mut Person, bob: &mut Person) {
    ledger.note("[offline and back]");
    server.stop().await;
    alice.connection(ledger).await;
    bob.connection(ledger).await;
    let messages = alice.client.messages();
    let mut handles = Vec::new();
    for text in ["are you there?", "hello?", "never mind"] {
        let sent = messages.send_text(&id("c2c_bob"), text).await.unwrap();
        ledger.note(format!("alice sends to c2c_bob: {}", words::message(sent.message())));
        handles.push(sent);
    }
    let cancelled = handles.pop().unwrap();
    ledger.note(format!("alice cancels: {}", words::outcome(&cancelled.cancel().await)));
    let ended = words::outcome(&cancelled.settled().await);
    ledger.note(format!("alice settled: {ended}"));
    alice.is_told(ledger, "changed").await;
    alice.shows_timeline(ledger, "c2c_bob").await;
    alice.shows_list(ledger).await;
    let page = bob.client.messages().history(&id("c2c_alice"), History::newest(2)).await.unwrap();
    let told = words::all(&page.messages, words::message);
    ledger.note(format!("bob newest 2 of c2c_alice = {told}, complete {}", page.complete));

    server.start_again().await;
    for person in [&*alice, &*bob] {
        person.client.network_changed();
        person.connection(ledger).await;
    }
    for sent in handles {
        ledger.note(format!("alice settled: {}", words::message(&sent.settled().await.unwrap())));
    }
    for _ in 0..2 {
        alice.is_told(ledger, "changed").await;
        bob.is_told(ledger, "received").await;
    }
    bob.shows_timeline(ledger, "c2c_alice").await;
}

pub(crate) async fn sleep(ledger: &mut Ledger, alice: &mut Person, bob: &mut Person) {
    ledger.note("[sleep]");
    ledger.note(format!("bob pauses: {}", words::outcome(&bob.client.pause().await)));
    bob.connection(ledger).await;
    reads_list(ledger, bob).await;
    alice.says(ledger, "c2c_bob", "sleep well").await;
    ledger.note(format!("bob resumes: {}", words::outcome(&bob.client.resume().await)));
    bob.connection(ledger).await;
    bob.is_told(ledger, "received").await;
    bob.shows_timeline(ledger, "c2c_alice").await;

    let (conversation, messages) = (id("c2c_alice"), bob.client.messages());
    let page = messages.history(&conversation, History::newest(1)).await.unwrap();
    let deleted = messages.delete(&conversation, &[page.messages[0].id.clone()]).await;
    ledger.note(format!("bob deletes the newest of c2c_alice: {}", words::outcome(&deleted)));
    bob.is_told(ledger, "deleted").await;
    bob.shows_timeline(ledger, "c2c_alice").await;
    bob.shows_list(ledger).await;
    alice.shows_timeline(ledger, "c2c_bob").await;
}

pub(crate) async fn log_out(ledger: &mut Ledger, alice: &mut Person, bob: &mut Person) {
    ledger.note("[log out]");
    ledger.note(format!("bob logs out: {}", words::outcome(&bob.client.logout().await)));
    ledger.note(format!("bob user = {}", user(bob)));
    bob.connection(ledger).await;
    bob.shows_list(ledger).await;
    bob.shows_timeline(ledger, "c2c_alice").await;
    reads_list(ledger, bob).await;
    alice.says(ledger, "c2c_bob", "for bob").await;
}

fn user(person: &Person) -> String {
    person.client.user().map_or("nobody".into(), |user| user.to_string())
}

pub(crate) async fn switch_account(
    ledger: &mut Ledger,
    server: &Server,
    alice: &mut Person,
    bob: &mut Person,
) {
    ledger.note("[switch account]");
    let signature = server.signature("carol").await;
    let outcome = words::outcome(&bob.client.login("carol", signature).await);
    ledger.note(format!("carol logs in on bob's device: {outcome}"));
    bob.name = "carol";
    ledger.note(format!("carol user = {}", user(bob)));
    bob.opens_list();
    bob.shows_list(ledger).await;
    alice.says(ledger, "c2c_carol", "for carol").await;
    bob.is_told(ledger, "received").await;
    bob.shows_list(ledger).await;
    ledger.note(format!("carol logs out: {}", words::outcome(&bob.client.logout().await)));

    let signature = server.signature("bob").await;
    let outcome = words::outcome(&bob.client.login("bob", signature).await);
    ledger.note(format!("bob logs in: {outcome}"));
    bob.name = "bob";
    bob.opens_list();
    bob.opens_timeline("c2c_alice").await;
    bob.is_told(ledger, "received").await;
    bob.shows_list(ledger).await;
    bob.shows_timeline(ledger, "c2c_alice").await;
}

pub(crate) async fn close(ledger: &mut Ledger, alice: &Person, bob: &Person) {
    ledger.note("[close]");
    for person in [alice, bob] {
        person.client.close().await;
        reads_list(ledger, person).await;
        person.was_told_no_more(ledger);
    }
}
