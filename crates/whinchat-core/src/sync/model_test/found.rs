//! What the random schedules found, each by itself.

use std::collections::BTreeMap;

use whinchat_proto::id::{ConversationId, UserId};

use super::log::{Conversation, Writing};
use super::server::ModelServer;
use super::store::MapStore;
use crate::sync::cursor::ChangeGap;
use crate::sync::{
    ChangesPage, Floor, Input, LogStore as _, Outcome, Page, Position, Request, Schedule, apply,
};

const OTHERS: Writing = Writing { own: false, counted: true, blank: false, tip: false };

fn id(name: &str) -> ConversationId {
    ConversationId::parse(&format!("group_{name}")).expect("an id")
}

/// A server with one message in each of these groups.
fn server(names: &[&str]) -> ModelServer {
    let mut server = ModelServer::new(0);
    names.iter().for_each(|name| server.append(&id(name), OTHERS));
    server
}

fn of<'a>(server: &'a ModelServer, name: &str) -> &'a Conversation {
    &server.conversations[&id(name)]
}

/// A device that holds everything the server has.
fn device(server: &ModelServer) -> MapStore {
    let mut store = MapStore::new(UserId::new("me").expect("an id"));
    let names: Vec<&ConversationId> = server.conversations.keys().collect();
    run(&mut store, vec![first(server, 0, server.version, &names, 0)]);
    store
}

fn run(store: &mut MapStore, inputs: Vec<Input>) -> Outcome {
    let mut outcome = Outcome::default();
    inputs.into_iter().for_each(|input| apply(store, input, &mut outcome).expect("no failure is injected"));
    outcome
}

fn first(server: &ModelServer, from: u64, to: u64, names: &[&ConversationId], continue_below: u64) -> Input {
    page(server, (from, to), names, 0, continue_below)
}

/// A page of changes that names these conversations as they are now, each with all its entries.
fn page(
    server: &ModelServer,
    (from, to): (u64, u64),
    names: &[&ConversationId],
    below: u64,
    continue_below: u64,
) -> Input {
    let change = |name: &&ConversationId| {
        let conversation = &server.conversations[*name];
        (conversation.state(name), conversation.entries(1, conversation.head()))
    };
    let changes = names.iter().map(change).collect();
    let snapshot = from == 0 && below == 0;
    Input::Changes {
        page: ChangesPage { epoch: server.epoch, to, from, snapshot, continue_below, changes, groups: 0 },
        below,
    }
}

/// Somebody writes, and it is pushed.
fn pushed(server: &mut ModelServer, name: &str) -> Vec<Input> {
    server.append(&id(name), OTHERS);
    let conversation = of(server, name);
    let entry = conversation.entry(conversation.head());
    let link = Input::Link { prev: server.version - 1, version: server.version };
    vec![Input::Entry { conversation: id(name), epoch: conversation.epoch, entry, group: None }, link]
}

#[test]
fn a_push_does_not_take_a_key_out_of_a_gap_that_is_still_to_be_read() {
    let mut server = server(&["a", "b"]);
    let mut store = device(&server);
    server.mark_elsewhere(&id("b"), 0);
    server.append(&id("a"), OTHERS);
    run(&mut store, vec![first(&server, 2, 4, &[&id("a")], 4)]);
    // The mark of "b" stood at 3; its next page will not name it, since it stands at 5 now.
    let outcome = run(&mut store, pushed(&mut server, "b"));
    assert!(outcome.hole);
    assert_eq!(store.data.position.top, 4);
    run(&mut store, vec![page(&server, (2, 3), &[], 4, 0), first(&server, 4, 5, &[&id("b")], 0)]);
    assert_eq!(
        store.data.position,
        Position { epoch: server.epoch, top: 5, generation: 1, ..Position::default() }
    );
    assert_eq!(store.data.logs[&id("b")].floor.seq, 1);
}

#[test]
fn a_link_that_came_early_is_not_taken_over_a_gap() {
    let server = server(&["a"]);
    let mut store = device(&server);
    assert!(run(&mut store, vec![Input::Link { prev: 4, version: 5 }]).hole);
    let outcome = run(&mut store, vec![first(&server, 1, 4, &[&id("a")], 4)]);
    assert_eq!((store.data.position.top, outcome.hole), (4, true));
}

#[test]
fn an_answer_that_overtakes_a_push_does_not_hide_what_left_its_gap() {
    let mut server = server(&["a", "b"]);
    let mut store = device(&server);
    server.mark_elsewhere(&id("b"), 0);
    server.append(&id("a"), OTHERS);
    run(&mut store, vec![first(&server, 2, 4, &[&id("a")], 4)]);
    let push = pushed(&mut server, "b");
    run(&mut store, vec![page(&server, (2, 3), &[], 4, 0)]);
    run(&mut store, push);
    assert_eq!(store.data.position.gaps, [ChangeGap::closing(4, false)]);
    run(&mut store, vec![first(&server, 4, 5, &[&id("b")], 0)]);
    assert_eq!((store.data.position.top, store.data.position.gaps.len()), (5, 0));
}

#[test]
fn what_moves_between_the_pages_of_a_snapshot_is_not_removed() {
    let mut server = server(&["a", "b", "gone"]);
    let mut store = device(&server);
    server.conversations.remove(&id("gone"));
    run(&mut store, vec![first(&server, 0, 3, &[&id("a")], 3)]);
    let push = pushed(&mut server, "b");
    run(&mut store, push);
    let outcome = run(&mut store, vec![page(&server, (0, 2), &[], 3, 0)]);
    assert_eq!(outcome.removed, []);
    let outcome = run(&mut store, vec![first(&server, 3, 4, &[&id("b")], 0)]);
    assert_eq!(outcome.removed, [id("gone")]);
    assert_eq!(store.data.logs.len(), 2);
}

#[test]
fn a_snapshot_ends_only_when_every_other_gap_is_closed() {
    let mut server = server(&["a", "b", "c", "gone"]);
    let mut store = device(&server);
    server.conversations.remove(&id("gone"));
    run(&mut store, vec![first(&server, 0, 4, &[&id("a")], 2)]);
    // A new connection: "a" and "c" have moved, and only "a" fits in the first page.
    run(&mut store, pushed(&mut server, "c"));
    run(&mut store, pushed(&mut server, "a"));
    run(&mut store, vec![Input::Up, first(&server, 4, 6, &[&id("a")], 6)]);
    let outcome = run(&mut store, vec![page(&server, (0, 1), &[&id("b")], 2, 0)]);
    assert_eq!(outcome.removed, []);
    let outcome = run(&mut store, vec![page(&server, (4, 5), &[&id("c")], 6, 0)]);
    assert_eq!(outcome.removed, []);
    let outcome = run(&mut store, vec![first(&server, 6, 6, &[], 0)]);
    assert_eq!(outcome.removed, [id("gone")]);
    // The same, with the reading that ends the snapshot before the other gap is closed.
    store.data.position.gaps =
        vec![ChangeGap { from: 5, below: 6, snapshot: false }, ChangeGap::closing(6, true)];
    let outcome = run(&mut store, vec![first(&server, 6, 6, &[], 0)]);
    assert_eq!((outcome.removed.len(), store.data.position.gaps[0].snapshot), (0, true));
}

#[test]
fn a_later_page_of_a_snapshot_announces_no_more_than_the_first() {
    let server = server(&["a", "b"]);
    let mut store = MapStore::new(UserId::new("me").expect("an id"));
    run(&mut store, vec![first(&server, 0, 2, &[&id("b")], 2)]);
    let outcome = run(&mut store, vec![page(&server, (0, 1), &[&id("a")], 2, 0)]);
    assert_eq!(outcome.announced, []);
}

#[test]
fn a_page_of_another_log_than_the_one_asked_for_holds_nothing() {
    let mut server = server(&["a", "a"]);
    let mut store = device(&server);
    server.restore(&server.clone());
    let conversation = of(&server, "a");
    let (epoch, state) = (conversation.epoch, Some(conversation.state(&id("a"))));
    store.data.logs.get_mut(&id("a")).expect("held").held.truncate(0);
    let page = Page { conversation: id("a"), epoch, from: 1, to: 2, entries: Vec::new(), state };
    let outcome = run(&mut store, vec![Input::Page(page)]);
    assert!(store.data.logs[&id("a")].incomplete);
    assert_eq!((outcome.wants[0].from, outcome.wants[0].to), (1, 2));
}

#[test]
fn a_conversation_whose_first_push_was_lost_is_announced_from_its_first_message() {
    let mut server = server(&["a"]);
    let mut store = device(&server);
    server.append(&id("b"), OTHERS);
    let push = pushed(&mut server, "b");
    assert!(run(&mut store, push).hole);
    let outcome = run(&mut store, vec![first(&server, 1, 3, &[&id("b")], 0)]);
    assert_eq!(outcome.announced, [(id("b"), 1, 2)]);
}

#[test]
fn a_conversation_that_was_read_elsewhere_is_announced_all_the_same() {
    let mut server = server(&["a"]);
    let mut store = device(&server);
    server.append(&id("b"), OTHERS);
    let mut state = of(&server, "b").state(&id("b"));
    state.floor.seq = state.head_seq;
    state.read_seq = state.head_seq;
    let entries = of(&server, "b").entries(1, state.head_seq);
    let read_elsewhere =
        run(&mut store, vec![Input::State { state: Box::new(state.clone()), entries: entries.clone() }]);
    assert_eq!(read_elsewhere.announced, [(id("b"), 1, state.head_seq)]);
    // A floor without a mark: he came in there.
    let mut joined = device(&server);
    state.read_seq = 0;
    assert_eq!(run(&mut joined, vec![Input::State { state: Box::new(state), entries }]).announced, []);
}

#[test]
fn a_mark_that_was_seen_in_another_log_says_nothing_of_this_one() {
    let server = server(&["a"]);
    let mut store = device(&server);
    let held = |store: &mut MapStore| store.log(&id("a")).expect("no failure is injected").expect("held");
    let before = held(&mut store);
    let mark = |epoch| {
        let floor = Floor { seq: 9, ..Floor::default() };
        vec![Input::Marked { conversation: id("a"), epoch, floor, read_seq: 9 }]
    };
    // The log was replaced while the mark was being written down.
    run(&mut store, mark(Some(before.epoch ^ 1)));
    assert_eq!(held(&mut store), before);
    run(&mut store, mark(Some(before.epoch)));
    assert_eq!(held(&mut store).read_seq, 9);
}

#[test]
fn an_own_message_that_fills_a_hole_below_the_floor_is_taken_off_there() {
    let mut server = server(&["a"]);
    let mut store = device(&server);
    server.append(&id("a"), Writing { own: true, ..OTHERS });
    // From another device of this user; the push is lost, the next one is not.
    let push = pushed(&mut server, "a");
    run(&mut store, push);
    let mut log = store.log(&id("a")).expect("no failure is injected").expect("held");
    log.floor.merge(Floor { seq: log.head_seq, totals: log.totals });
    store.data.logs = BTreeMap::from([(id("a"), log)]);
    run(&mut store, vec![first(&server, 1, 3, &[&id("a")], 0)]);
    let push = pushed(&mut server, "a");
    run(&mut store, push);
    assert_eq!(store.unread(&id("a")), 1);
}

#[test]
fn a_stream_of_new_holes_does_not_keep_a_gap_from_closing() {
    let mut schedule = Schedule::default();
    schedule.up();
    let gap = ChangeGap { from: 2, below: 9, snapshot: false };
    let position = Position { epoch: 1, top: 20, gaps: vec![gap], whole: 2, ..Position::default() };
    let hole = Outcome { hole: true, ..Outcome::default() };
    let mut asked = Vec::new();
    for _ in 0..4 {
        schedule.note(&hole);
        for request in schedule.next(&position) {
            schedule.done(&request);
            asked.push(request);
        }
    }
    let deleted_since = Some(2);
    let new = Request::Changes { epoch: 1, since: 20, below: 0, deleted_since };
    let rest = Request::Changes { epoch: 1, since: 2, below: 9, deleted_since };
    assert_eq!(asked, [new.clone(), rest.clone(), new, rest]);
}

#[test]
fn what_a_pong_shows_to_be_missing_is_remembered_over_a_cut() {
    let mut server = server(&["a"]);
    server.grow(&id("a"));
    let mut store = device(&server);
    // Two pushes are lost; the pong tells, and the connection is cut before the state is asked for.
    server.append(&id("a"), OTHERS);
    server.append(&id("a"), OTHERS);
    let (upto, heads) = server.heads(0);
    let head = Input::Head { epoch: server.epoch, version: server.version, groups: upto };
    let told = run(&mut store, vec![Input::Moved(heads), head]);
    assert_eq!((told.lookups, store.data.position.groups), (vec![id("a")], upto));
    let again = run(&mut store, vec![Input::Up]);
    assert_eq!(again.lookups, [id("a")]);
    // A state that was read before says nothing of it.
    let now = of(&server, "a");
    let mut old = now.state(&id("a"));
    old.head_seq = 1;
    assert_eq!(
        run(&mut store, vec![Input::State { state: Box::new(old), entries: Vec::new() }]).lookups.len(),
        1
    );
    let state = Box::new(now.state(&id("a")));
    let done = run(&mut store, vec![Input::State { state, entries: now.entries(2, 3) }]);
    assert!(done.lookups.is_empty() && done.wants.is_empty() && !store.data.logs[&id("a")].incomplete);
}

#[test]
fn a_notice_that_does_not_tell_the_group_has_its_state_asked_for() {
    let mut server = server(&["a"]);
    server.grow(&id("a"));
    let mut store = device(&server);
    server.tip(&id("a"));
    server.append(&id("a"), OTHERS);
    let now = of(&server, "a");
    let (epoch, entry) = (now.epoch, now.entry(3));
    // The notice was lost, what followed it was not: it is fetched.
    let input = Input::Entry { conversation: id("a"), epoch, entry, group: None };
    let outcome = run(&mut store, vec![input]);
    assert_eq!((outcome.wants[0].from, outcome.wants[0].to, outcome.lookups.len()), (2, 2, 0));
    let page = Page { conversation: id("a"), epoch, from: 2, to: 2, entries: now.entries(2, 2), state: None };
    assert_eq!(run(&mut store, vec![Input::Page(page)]).lookups, [id("a")]);
    let state = Box::new(now.state(&id("a")));
    assert!(run(&mut store, vec![Input::State { state, entries: Vec::new() }]).lookups.is_empty());
    assert_eq!(store.data.logs[&id("a")].group, now.summary(&id("a")));
}

#[test]
fn an_emptied_conversation_has_nothing_unread_even_if_the_server_forgets_that_it_was_emptied() {
    let mut server = server(&["a"; 40]);
    let backup = server.clone();
    server.append(&id("a"), OTHERS);
    server.clear_elsewhere(&id("a"), 0);
    // The device comes to know of it with nothing but the state.
    let conversation = of(&server, "a");
    let state = Box::new(conversation.state(&id("a")));
    let mut store = MapStore::new(UserId::new("me").expect("an id"));
    run(&mut store, vec![Input::State { state, entries: Vec::new() }]);
    server.restore(&backup);
    let state = Box::new(of(&server, "a").state(&id("a")));
    run(&mut store, vec![Input::State { state, entries: Vec::new() }]);
    assert_eq!((store.unread(&id("a")), store.data.logs[&id("a")].cleared_seq), (0, 40));
}
