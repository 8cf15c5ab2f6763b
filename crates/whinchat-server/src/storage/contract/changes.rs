//! Change logs, pages, sessions.

use std::collections::HashMap;

use prost::Message as _;
use whinchat_proto::limits::{PAGE_BYTES, PAGE_ENTRIES};
use whinchat_proto::wire;

use super::World;
use super::world::{conversation_of, group, group_id, id, message, with};
use crate::storage::{GroupKind, Range};

pub(crate) async fn the_log_of_a_live_user_moves_by_one(world: World) {
    world.users(&["alice", "carol"]).await;
    world.connect("bob").await;
    world.group("alice", "team", GroupKind::Work, &["bob", "carol"]).await;
    let mut version = world.storage.head(id("bob")).await.unwrap().version;
    for n in 0..30 {
        let conversation = if n % 3 == 0 { group("team") } else { with("bob") };
        let mut message = message("alice", conversation, 10);
        message.expected = Some(world.version(&group_id("team")).await);
        let appended = world.append(message).await.unwrap();
        let bump = appended.bumped.iter().find(|b| b.user == id("bob")).unwrap();
        assert_eq!((bump.prev, bump.version), (version, version + 1));
        version += 1;
    }
    assert_eq!(world.storage.head(id("bob")).await.unwrap().version, version);
}

pub(crate) async fn an_absent_user_costs_one_mark_a_conversation(world: World) {
    world.users(&["alice"]).await;
    let session = world.connect("bob").await;
    world.say("alice", &with("bob")).await;
    let held = world.changes("bob", wire::Cursor::default(), 0).await.to.unwrap();
    world.leave("bob", session).await;
    for n in 0..20 {
        let appended = world.append(message("alice", with("bob"), 10)).await.unwrap();
        assert_eq!(appended.bumped.iter().any(|b| b.user == id("bob")), n == 0);
    }
    let missed = world.changes("bob", held, 0).await;
    assert!(!missed.snapshot);
    assert_eq!((missed.changes.len(), missed.from_version), (1, held.version));
    let change = conversation_of(&missed.changes[0]);
    let seqs: Vec<u64> = change.entries.iter().map(|e| e.seq).collect();
    // One round trip brings everything that was missed, and nothing that was not.
    assert_eq!(seqs, (2..=21).collect::<Vec<_>>());
    // Served: the next absence starts a new mark.
    let session = world.connect("bob").await;
    world.leave("bob", session).await;
    let appended = world.append(message("alice", with("bob"), 10)).await.unwrap();
    assert!(appended.bumped.iter().any(|b| b.user == id("bob")));
    let missed = world.changes("bob", missed.to.unwrap(), 0).await;
    assert_eq!(conversation_of(&missed.changes[0]).entries.len(), 1);
    // Nothing since then: nothing comes.
    let held = missed.to.unwrap();
    let nothing = world.changes("bob", held, 0).await;
    assert!(nothing.changes.is_empty() && !nothing.snapshot && nothing.to == Some(held));
}

pub(crate) async fn pages_miss_nothing_that_is_rewritten_between_them(world: World) {
    const OTHERS: usize = 60;
    let names: Vec<String> = (0..OTHERS).map(|n| format!("friend{n}")).collect();
    world.users(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    world.connect("bob").await;
    for name in &names {
        let batch = (0..4).map(|_| message(name, with("bob"), 5_000)).collect();
        for result in world.storage.append(batch).await {
            result.unwrap();
        }
    }
    // What a client would hold: the newest state of each conversation.
    let mut held: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut apply = |page: &wire::Changes| {
        for change in &page.changes {
            let state = conversation_of(change).state.as_ref().unwrap();
            let head = held.entry(state.conversation.as_ref().unwrap().encode_to_vec()).or_default();
            *head = (*head).max(state.head_seq);
        }
    };
    let mut page = world.changes("bob", wire::Cursor::default(), 0).await;
    let first = page.to.unwrap();
    let mut pages = 1;
    apply(&page);
    while page.continue_below != 0 {
        // Conversations of pages to come, and of pages that were, move in between.
        for name in [&names[pages % OTHERS], &names[OTHERS - 1]] {
            world.say(name, &with("bob")).await;
        }
        page = world.changes("bob", wire::Cursor::default(), page.continue_below).await;
        assert!(page.to.unwrap().version <= first.version);
        apply(&page);
        pages += 1;
    }
    assert!(pages > 3, "{pages} pages are no test of paging");
    // What moved meanwhile comes with the changes since the first page's position.
    let rest = world.changes("bob", first, 0).await;
    assert_eq!(rest.continue_below, 0);
    apply(&rest);
    assert_eq!(held.len(), OTHERS);
    for name in &names {
        let state = world.state("bob", &with(name)).await;
        let key = state.conversation.as_ref().unwrap().encode_to_vec();
        assert_eq!(held[&key], state.head_seq, "{name}");
    }
}

pub(crate) async fn pages_are_bounded_and_reads_too(world: World) {
    world.users(&["alice", "carol", "dave"]).await;
    world.connect("bob").await;
    let mut epoch = 0;
    for sender in ["alice", "carol", "dave"] {
        for size in [32_768, 32_768, 10, 30_000, 10] {
            epoch = world.append(message(sender, with("bob"), size)).await.unwrap().result.epoch;
        }
        for _ in 0..300 {
            world.append(message(sender, with("bob"), 5)).await.unwrap();
        }
        world.append(message(sender, with("bob"), 32_768)).await.unwrap();
    }
    let mut below = 0;
    let mut conversations = 0;
    loop {
        let page = world.changes("bob", wire::Cursor::default(), below).await;
        assert!(page.encoded_len() <= PAGE_BYTES + 1_024, "{}", page.encoded_len());
        for change in &page.changes {
            let change = conversation_of(change);
            let head = change.state.as_ref().unwrap().head_seq;
            assert_eq!(change.entries.last().unwrap().seq, head);
            let seqs: Vec<u64> = change.entries.iter().map(|e| e.seq).collect();
            assert_eq!(seqs, (head + 1 - seqs.len() as u64..=head).collect::<Vec<_>>());
            assert!(seqs.len() <= 100);
            conversations += 1;
        }
        below = page.continue_below;
        if below == 0 {
            break;
        }
    }
    assert_eq!(conversations, 3);
    // Ranges are served newest part first until the answer is full; the rest is asked for again.
    let ranges = |to| {
        let range = |name, to| Range { conversation: with(name), epoch, from: 1, to };
        vec![range("dave", to), range("dave", 3)]
    };
    let (mut to, mut seen) = (306, 0);
    while to > 0 {
        let pages = world.pages("bob", ranges(to)).await;
        let entries: usize = pages.iter().map(|page| page.entries.len()).sum();
        assert!(entries <= PAGE_ENTRIES);
        let page = &pages[0];
        assert!(page.to == to && page.from >= 1 && !page.entries.is_empty());
        seen += page.entries.len();
        to = page.from - 1;
    }
    assert_eq!(seen, 306);
}

pub(crate) async fn a_void_position_gives_everything(world: World) {
    world.users(&["alice", "carol"]).await;
    world.connect("bob").await;
    world.say("alice", &with("bob")).await;
    world.say("carol", &with("bob")).await;
    let whole = world.changes("bob", wire::Cursor::default(), 0).await;
    let head = whole.to.unwrap();
    assert!(whole.snapshot && whole.changes.len() == 2 && head.version == 2);
    let newest = conversation_of(&whole.changes[0]).state.as_ref().unwrap();
    assert_eq!(newest.conversation, Some(with("carol").to_wire()));
    for void in [
        wire::Cursor { epoch: head.epoch ^ 1, version: 1, groups: 0 },
        wire::Cursor { epoch: head.epoch, version: 9, groups: 0 },
    ] {
        let page = world.changes("bob", void, 0).await;
        assert!(page.snapshot && page.changes.len() == 2 && page.from_version == 0, "{void:?} {page:?}");
    }
    // The very beginning of this log is a position, not a void: what is held beside it stays.
    let beginning = world.changes("bob", wire::Cursor { epoch: head.epoch, version: 0, groups: 0 }, 0).await;
    assert!(!beginning.snapshot && beginning.changes.len() == 2);
    let other_log = world.page("bob", &with("alice"), 77, 1, 1).await;
    assert!(other_log.entries.is_empty() && other_log.epoch != 77 && other_log.state.is_some());
}
