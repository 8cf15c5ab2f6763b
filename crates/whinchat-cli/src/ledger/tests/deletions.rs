//! What a user deletes, and what may go with it.

use super::*;

/// Bob has deleted what he got; the server knows it, and so does his device.
fn delete_at_bobs(evidence: &mut Evidence) {
    let whose = (conversation(), "bob".to_owned());
    evidence.server.deletions.insert(whose, [1].into());
    evidence.devices[1].lines.insert(2, Line::Deleted { message: message() });
    evidence.devices[1].lines[3] = Line::Unread { conversation: conversation(), count: 0 };
    cache(evidence, 1).clear();
}

#[test]
fn what_was_deleted_is_gone_for_its_user_alone() {
    assert_eq!(wrongs(delete_at_bobs), [0, 0, 0, 0]);
    assert_eq!(
        wrongs(|e| {
            delete_at_bobs(e);
            e.devices[1].lines.remove(1);
        }),
        [0, 0, 0, 0],
        "it need not have been announced"
    );
    assert_eq!(
        wrongs(|e| {
            delete_at_bobs(e);
            cache(e, 1).push(entry(1, CLIENT_ID));
        }),
        [1, 0, 0, 0],
        "come back"
    );
    assert_eq!(
        wrongs(|e| {
            delete_at_bobs(e);
            e.server.deletions.clear();
            cache(e, 1).push(entry(1, CLIENT_ID));
            e.devices[1].lines[3] = Line::Unread { conversation: conversation(), count: 1 };
        }),
        [0, 1, 0, 0],
        "never told to the server"
    );
    assert_eq!(
        wrongs(|e| {
            delete_at_bobs(e);
            e.devices[1].lines[3] = Line::Unread { conversation: conversation(), count: 1 };
        }),
        [0, 0, 0, 1],
        "still unread"
    );
    assert_eq!(
        wrongs(|e| {
            delete_at_bobs(e);
            cache(e, 0).clear();
        }),
        [0, 1, 0, 0],
        "gone for another"
    );
}

#[test]
fn an_emptied_conversation_is_empty_and_the_server_knows_it() {
    let clear = |e: &mut Evidence, cleared| {
        let window = Window { from: cleared + 1, to: None, floor: cleared, cleared };
        e.server.windows.insert((conversation(), "bob".into()), window);
        e.devices[1].lines.insert(2, Line::Cleared { conversation: conversation(), seq: 1 });
        e.devices[1].lines[3] = Line::Unread { conversation: conversation(), count: 1 - cleared };
    };
    assert_eq!(
        wrongs(|e| {
            clear(e, 1);
            cache(e, 1).clear();
        }),
        [0, 0, 0, 0]
    );
    assert_eq!(wrongs(|e| clear(e, 1)), [1, 0, 0, 0], "come back");
    assert_eq!(wrongs(|e| clear(e, 0)), [0, 1, 0, 0], "never told to the server");
}

#[test]
fn what_was_deleted_before_it_was_sent_may_be_nowhere() {
    let unsent = |e: &mut Evidence| {
        let never = MessageKey { client_id: "ff".repeat(16), ..message() };
        let accepted = Line::Accepted { message: never.clone(), n: 2, text: "never".into() };
        e.devices[0].lines.insert(3, accepted);
        never
    };
    assert_eq!(wrongs(|e| drop(unsent(e))), [0, 1, 0, 0]);
    assert_eq!(
        wrongs(|e| {
            let message = unsent(e);
            e.devices[0].lines.insert(4, Line::Deleting { message });
        }),
        [0, 0, 0, 0]
    );
}

#[test]
fn what_may_have_failed_goes_with_an_emptied_conversation() {
    let nowhere = |e: &mut Evidence, lines: Vec<Line>| {
        let mut message = message();
        message.client_id = "99".repeat(16);
        e.devices[0].lines.push(Line::Accepted { message, n: 9, text: "open".into() });
        e.devices[0].lines.extend(lines);
        e.devices[0].lines.push(Line::Finished);
    };
    let clearing = || Line::Clearing { conversation: conversation(), seq: 1 };
    let other = || Line::Clearing { conversation: ConversationKey::group("other"), seq: 1 };
    assert_eq!(wrongs(|e| nowhere(e, vec![Line::Life, clearing()]))[1], 0);
    assert_eq!(wrongs(|e| nowhere(e, vec![Line::Life, other()]))[1], 1, "another conversation");
    assert_eq!(wrongs(|e| nowhere(e, vec![clearing()]))[1], 1, "its fate would have been written down");
}

#[test]
fn what_lies_before_the_window_is_nobodys_any_more() {
    // Bob had left and was invited again before the server heard what he had deleted.
    let comes_again = |e: &mut Evidence, from| {
        let window = Window { from, to: None, floor: from - 1, cleared: 0 };
        e.server.windows.insert((conversation(), "bob".into()), window);
        e.devices[1].lines[2] = Line::Unread { conversation: conversation(), count: 2 - from };
        cache(e, 1).clear();
    };
    let deleted = || Line::Deleted { message: message() };
    let cleared = || Line::Cleared { conversation: conversation(), seq: 1 };
    for line in [deleted(), cleared()] {
        let wrong = wrongs(|e| {
            comes_again(e, 2);
            e.devices[1].lines.insert(2, line.clone());
        });
        assert_eq!(wrong, [0, 0, 0, 0], "{line}");
        let wrong = wrongs(|e| {
            comes_again(e, 1);
            cache(e, 1).push(entry(1, CLIENT_ID));
            e.devices[1].lines.insert(2, line.clone());
        });
        assert_eq!(wrong, [0, 1, 0, 0], "{line}, inside of it");
    }
}

#[test]
fn what_was_deleted_is_not_sent_again_to_a_server_that_lost_it() {
    let lost = |restored, line: Option<Line>, of_alice: bool| {
        wrongs(|e| {
            e.restored = restored;
            server_log(e).clear();
            cache(e, 0).clear();
            cache(e, 1).clear();
            e.devices[1].lines[2] = Line::Unread { conversation: conversation(), count: 0 };
            if of_alice {
                e.devices[0].lines.splice(3..3, line);
            } else {
                e.devices[1].lines.splice(2..2, line);
            }
        })
    };
    let deleting = || Some(Line::Deleting { message: message() });
    let clearing = |seq| Some(Line::Clearing { conversation: conversation(), seq });
    assert_eq!(lost(true, None, true), [0, 1, 0, 0]);
    assert_eq!(lost(true, deleting(), true), [0, 0, 0, 0], "deleted");
    assert_eq!(lost(false, deleting(), true), [0, 1, 0, 0], "deleted, and the server was not put back");
    assert_eq!(lost(true, clearing(1), true), [0, 0, 0, 0], "emptied");
    assert_eq!(lost(false, clearing(1), true), [0, 1, 0, 0], "emptied, and the server was not put back");
    assert_eq!(lost(true, clearing(0), true), [0, 1, 0, 0], "emptied before it was there");
    assert_eq!(lost(true, deleting(), false), [0, 1, 0, 0], "by somebody else");
    assert_eq!(lost(true, clearing(1), false), [0, 1, 0, 0], "emptied by somebody else");
}

#[test]
fn what_another_device_of_the_user_deleted_is_not_sent_again_either() {
    let lost = |user: &str, line: Line| {
        wrongs(|e| {
            e.restored = true;
            server_log(e).clear();
            cache(e, 0).clear();
            e.devices[1] = Device {
                name: "another".into(),
                user: user.into(),
                lines: vec![line],
                store: ClientStore::default(),
            };
        })
    };
    let deleting = || Line::Deleting { message: message() };
    let clearing = |seq| Line::Clearing { conversation: conversation(), seq };
    assert_eq!(lost("alice", deleting()), [0, 0, 0, 0]);
    assert_eq!(lost("bob", deleting()), [0, 1, 0, 0]);
    assert_eq!(lost("alice", clearing(1)), [0, 0, 0, 0]);
    assert_eq!(lost("alice", clearing(0)), [0, 1, 0, 0]);
}
