//! Each way to be wrong, done to a clean world of two users and one message, has to be seen.

mod deletions;
mod restored;

use super::*;

const CLIENT_ID: &str = "00112233445566778899aabbccddeeff";

fn conversation() -> ConversationKey {
    ConversationKey::pair("alice", "bob")
}

fn message() -> MessageKey {
    MessageKey { conversation: conversation(), sender: "alice".into(), client_id: CLIENT_ID.into() }
}

fn entry(seq: u64, client_id: &str) -> Entry {
    Entry {
        seq,
        time_ms: 1_000,
        sender: "alice".into(),
        client_id: client_id.into(),
        content: b"\x0a\x05hello".to_vec(),
        counted: true,
        audience: Vec::new(),
    }
}

fn store(entries: Vec<Entry>) -> ClientStore {
    ClientStore { conversations: [(conversation(), entries)].into(), ..ClientStore::default() }
}

/// Alice sent one message, bob got it and has not read it.
fn clean() -> Evidence {
    let window = Window { from: 1, to: None, floor: 0, cleared: 0 };
    let server = ServerLog {
        conversations: [(conversation(), vec![entry(1, CLIENT_ID)])].into(),
        windows: ["alice", "bob"].map(|user| ((conversation(), user.to_owned()), window)).into(),
        deletions: std::collections::BTreeMap::new(),
    };
    let alice = Device {
        name: "alice's".into(),
        user: "alice".into(),
        lines: vec![
            Line::Life,
            Line::Accepted { message: message(), n: 1, text: "hello".into() },
            Line::Acked { message: message(), seq: 1 },
            Line::Unread { conversation: conversation(), count: 0 },
            Line::Finished,
        ],
        store: store(vec![entry(1, CLIENT_ID)]),
    };
    let bob = Device {
        name: "bob's".into(),
        user: "bob".into(),
        lines: vec![
            Line::Life,
            Line::Seen { message: message(), seq: 1 },
            Line::Unread { conversation: conversation(), count: 1 },
            Line::Finished,
        ],
        store: store(vec![entry(1, CLIENT_ID)]),
    };
    Evidence { server, devices: vec![alice, bob], announced: true, restored: false, cache_was_lost: false }
}

/// The four wrong counts after `harm` was done to the clean world.
fn wrongs(harm: impl FnOnce(&mut Evidence)) -> [u64; 4] {
    let mut evidence = clean();
    harm(&mut evidence);
    let report = judge(&evidence);
    assert_eq!(report.is_clean(), report.findings.is_empty(), "{report:?}");
    [report.doubled, report.lost, report.out_of_order, report.wrong_unread]
}

fn server_log(evidence: &mut Evidence) -> &mut Vec<Entry> {
    evidence.server.conversations.get_mut(&conversation()).unwrap()
}

fn cache(evidence: &mut Evidence, device: usize) -> &mut Vec<Entry> {
    evidence.devices[device].store.conversations.get_mut(&conversation()).unwrap()
}

#[test]
fn a_clean_world_is_clean() {
    let report = judge(&clean());
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(
        report.to_string(),
        "sent 1, acknowledged 1, delivered 1, doubled 0, lost 0, out of order 0, wrong unread 0"
    );
}

#[test]
fn doubles_are_seen_wherever_they_are() {
    assert_eq!(
        wrongs(|e| {
            server_log(e).push(entry(2, CLIENT_ID));
            // The mark hides it from unread, which has its own test.
            for window in e.server.windows.values_mut() {
                window.floor = 2;
            }
            e.devices[1].lines[2] = Line::Unread { conversation: conversation(), count: 0 };
            for device in 0..2 {
                cache(e, device)[0].seq = 2;
            }
            e.devices[0].lines[2] = Line::Acked { message: message(), seq: 2 };
        }),
        [1, 0, 0, 0],
        "on the server"
    );
    assert_eq!(wrongs(|e| cache(e, 1).push(entry(2, CLIENT_ID))), [1, 0, 0, 0], "in a cache");
    assert_eq!(wrongs(|e| cache(e, 1).push(entry(1, ""))), [1, 0, 0, 0], "at one place of a cache");
    assert_eq!(
        wrongs(|e| e.devices[1].lines.insert(1, Line::Seen { message: message(), seq: 1 })),
        [1, 0, 0, 0],
        "announced"
    );
    assert_eq!(
        wrongs(|e| {
            let again = [Line::Seen { message: message(), seq: 1 }, Line::Life];
            e.devices[1].lines.splice(1..1, again);
        }),
        [0; 4],
        "announced again after a kill"
    );
    assert_eq!(
        wrongs(|e| e.devices[0].lines[2] = Line::Failed { message: message(), code: 6012 }),
        [1, 0, 0, 0],
        "failed but stored"
    );
    assert_eq!(
        wrongs(|e| e.devices[0].store.failed.push((conversation(), CLIENT_ID.into()))),
        [1, 0, 0, 0],
        "shown as failed but stored"
    );
    assert_eq!(
        wrongs(|e| {
            let failed = Line::Failed { message: message(), code: 6012 };
            e.devices[0].lines.splice(2..2, [failed, Line::Retrying { message: message() }]);
        }),
        [0; 4],
        "failed, and stored when it was sent again"
    );
    assert_eq!(
        wrongs(|e| {
            let again = e.devices[0].lines[1].clone();
            e.devices[0].lines.insert(2, again);
        }),
        [1, 0, 0, 0],
        "one id for two messages"
    );
}

#[test]
fn losses_are_seen_wherever_they_are() {
    let forget = |e: &mut Evidence| {
        server_log(e).clear();
        cache(e, 0).clear();
        cache(e, 1).clear();
        e.devices[1].lines.drain(1..3);
    };
    assert_eq!(wrongs(|e| drop(e.devices[1].lines.remove(1))), [0, 1, 0, 0], "never announced");
    assert_eq!(
        wrongs(|e| {
            e.devices[1].lines.remove(1);
            e.announced = false;
        }),
        [0; 4],
        "history need not be announced"
    );
    assert_eq!(wrongs(forget), [0, 1, 0, 0], "acknowledged, not on the server");
    assert_eq!(
        wrongs(|e| {
            forget(e);
            e.devices[0].lines.remove(2);
        }),
        [0, 1, 0, 0],
        "accepted, nowhere"
    );
    assert_eq!(
        wrongs(|e| {
            forget(e);
            e.devices[0].lines.drain(2..);
            e.devices[0].store.waiting.push((conversation(), CLIENT_ID.into()));
        }),
        [0; 4],
        "still waiting"
    );
    assert_eq!(
        wrongs(|e| {
            forget(e);
            e.devices[0].lines[2] = Line::Failed { message: message(), code: 6012 };
        }),
        [0; 4],
        "reported as failed"
    );
    assert_eq!(
        wrongs(|e| {
            forget(e);
            e.devices[0].lines.remove(2);
            e.devices[0].store.failed.push((conversation(), CLIENT_ID.into()));
        }),
        [0; 4],
        "shown as failed"
    );
    assert_eq!(
        wrongs(|e| {
            forget(e);
            let failed = Line::Failed { message: message(), code: 6012 };
            e.devices[0].lines.splice(2..3, [failed, Line::Retrying { message: message() }]);
        }),
        [0; 4],
        "killed while it was sent again"
    );
    assert_eq!(
        wrongs(|e| {
            forget(e);
            let accepted = e.devices[0].lines[1].clone();
            let failed = Line::Failed { message: message(), code: 6012 };
            e.devices[0].lines.splice(2..3, [failed, Line::Retrying { message: message() }, accepted]);
        }),
        [0, 1, 0, 0],
        "accepted again, nowhere"
    );
    assert_eq!(wrongs(|e| cache(e, 1).clear()), [0, 1, 0, 0], "not in the reader's cache");
    assert_eq!(wrongs(|e| cache(e, 0).clear()), [0, 1, 0, 0], "not in the sender's cache");
    assert_eq!(wrongs(|e| cache(e, 1)[0].content.push(0)), [0, 1, 0, 0], "altered in a cache");
    assert_eq!(
        wrongs(|e| {
            server_log(e)[0].content = b"other".to_vec();
            cache(e, 0)[0].content = b"other".to_vec();
            cache(e, 1)[0].content = b"other".to_vec();
        }),
        [0, 1, 0, 0],
        "altered on the server"
    );
    assert_eq!(wrongs(|e| cache(e, 1).push(entry(2, "ff"))), [0, 1, 0, 0], "in a cache only");
    assert_eq!(
        wrongs(|e| {
            e.server
                .windows
                .insert((conversation(), "bob".into()), Window { from: 2, to: None, floor: 1, cleared: 0 });
            cache(e, 1).clear();
            e.devices[1].lines[2] = Line::Unread { conversation: conversation(), count: 0 };
        }),
        [0; 4],
        "outside the window"
    );
}

#[test]
fn other_places_are_seen() {
    assert_eq!(
        wrongs(|e| e.devices[0].lines[2] = Line::Acked { message: message(), seq: 5 }),
        [0, 0, 1, 0],
        "acknowledged elsewhere"
    );
    assert_eq!(
        wrongs(|e| {
            server_log(e).push(Entry { time_ms: 999, counted: false, ..entry(2, "") });
            for device in 0..2 {
                cache(e, device).push(entry(2, ""));
            }
        }),
        [0, 0, 1, 0],
        "time runs backwards"
    );
    assert_eq!(wrongs(|e| cache(e, 1)[0].seq = 4), [0, 0, 1, 0], "held elsewhere");
    assert_eq!(
        wrongs(|e| {
            let later = MessageKey { client_id: "ee".into(), ..message() };
            server_log(e)[0].client_id = "ee".into();
            server_log(e).push(entry(2, CLIENT_ID));
            for device in 0..2 {
                *cache(e, device) = vec![entry(1, "ee"), entry(2, CLIENT_ID)];
            }
            e.announced = false;
            e.devices[0].lines[2] = Line::Accepted { message: later, n: 2, text: "hello".into() };
            e.devices[1].lines[2] = Line::Unread { conversation: conversation(), count: 2 };
        }),
        [0, 0, 1, 0],
        "stored in another order than sent"
    );
    assert_eq!(
        wrongs(|e| {
            let other = MessageKey { client_id: "ee".into(), ..message() };
            e.devices[1].lines.insert(1, Line::Seen { message: other, seq: 2 });
        }),
        [0, 0, 1, 0],
        "announced in another order"
    );
}

#[test]
fn unread_is_counted_in_full() {
    assert_eq!(
        wrongs(|e| e.devices[1].lines[2] = Line::Unread { conversation: conversation(), count: 2 }),
        [0, 0, 0, 1],
        "too many"
    );
    assert_eq!(wrongs(|e| drop(e.devices[1].lines.remove(2))), [0, 0, 0, 1], "not listed");
    assert_eq!(
        wrongs(|e| e.devices[1].lines.insert(2, Line::Read { conversation: conversation(), seq: 1 })),
        [0, 0, 0, 1],
        "the mark was lost"
    );
    assert_eq!(wrongs(|e| server_log(e)[0].counted = false), [0, 0, 0, 1], "an uncounted one was counted");
    assert_eq!(
        wrongs(|e| {
            server_log(e)[0].audience = vec!["carol".into()];
            cache(e, 1)[0] = Entry { sender: String::new(), client_id: String::new(), ..entry(1, "") };
        }),
        [0, 0, 0, 1],
        "a blank was counted"
    );
}
