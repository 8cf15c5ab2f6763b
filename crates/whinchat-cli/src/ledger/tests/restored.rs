//! What is wrong in a world whose server was put back to an older copy, and what is not.

use super::*;

const ANOTHER: &str = "ffeeddccbbaa99887766554433221100";

fn in_both(harm: impl Fn(&mut Evidence)) -> ([u64; 4], [u64; 4]) {
    let restored = wrongs(|e| {
        e.restored = true;
        harm(e);
    });
    (wrongs(harm), restored)
}

/// Alice sends a second message, which stands before the first; everybody has both, and bob was told of them as they stand.
fn overtaken(evidence: &mut Evidence) {
    let message = MessageKey { client_id: ANOTHER.into(), ..message() };
    for entries in [0, 1, 2] {
        let entries = if entries < 2 { cache(evidence, entries) } else { server_log(evidence) };
        *entries = vec![entry(1, ANOTHER), entry(2, CLIENT_ID)];
    }
    evidence.devices[0].lines[2] = Line::Acked { message: super::message(), seq: 2 };
    evidence.devices[0].lines.splice(
        3..3,
        [
            Line::Accepted { message: message.clone(), n: 2, text: "hello".into() },
            Line::Acked { message: message.clone(), seq: 1 },
        ],
    );
    let told = [Line::Seen { message, seq: 1 }, Line::Seen { message: super::message(), seq: 2 }];
    evidence.devices[1].lines.splice(1..2, told);
    evidence.devices[1].lines[3] = Line::Unread { conversation: conversation(), count: 2 };
}

#[test]
fn what_is_sent_again_may_stand_behind_and_be_told_again() {
    assert_eq!(in_both(overtaken), ([0, 0, 1, 0], [0, 0, 0, 0]), "sent in another order");
    let told_twice =
        |e: &mut Evidence| e.devices[1].lines.insert(1, Line::Seen { message: message(), seq: 1 });
    assert_eq!(in_both(told_twice), ([1, 0, 0, 0], [0, 0, 0, 0]), "told twice");
    let told_in_disorder = |e: &mut Evidence| {
        overtaken(e);
        e.devices[1].lines.swap(1, 2);
    };
    assert_eq!(in_both(told_in_disorder), ([0, 0, 2, 0], [0, 0, 0, 0]), "told in another order");
    let marked = |e: &mut Evidence| {
        e.devices[1].lines.insert(2, Line::Read { conversation: conversation(), seq: 1 });
    };
    assert_eq!(in_both(marked), ([0, 0, 0, 1], [0, 0, 0, 0]), "a mark that is gone");
}

#[test]
fn what_is_wrong_without_a_copy_is_wrong_with_one() {
    let elsewhere = |e: &mut Evidence| {
        overtaken(e);
        cache(e, 1)[1].seq = 3;
    };
    assert_eq!(in_both(elsewhere).1, [0, 0, 1, 0], "a cache has another place than the server");
    let backwards = |e: &mut Evidence| {
        overtaken(e);
        server_log(e)[1].time_ms = 0;
    };
    assert_eq!(in_both(backwards).1, [0, 0, 1, 0], "time runs backwards on the server");
    // However much else was found that is no fault here.
    let doubled = |e: &mut Evidence| {
        let again = std::iter::repeat_with(|| Line::Seen { message: message(), seq: 1 });
        e.devices[1].lines.splice(1..1, again.take(100));
        cache(e, 1).push(entry(2, CLIENT_ID));
    };
    assert_eq!(in_both(doubled), ([101, 0, 0, 0], [1, 0, 0, 0]), "a cache has it twice");
}

#[test]
fn what_a_restored_server_lost_comes_back_but_from_a_cache_that_was_lost() {
    let gone = |restored, cache_was_lost| {
        wrongs(|e| {
            (e.restored, e.cache_was_lost) = (restored, cache_was_lost);
            server_log(e).clear();
            cache(e, 0).clear();
            cache(e, 1).clear();
            e.devices[1].lines[2] = Line::Unread { conversation: conversation(), count: 0 };
        })
    };
    assert_eq!(gone(true, false), [0, 1, 0, 0]);
    assert_eq!(gone(false, true), [0, 1, 0, 0]);
    assert_eq!(gone(true, true), [0, 0, 0, 0]);
    let lacks = wrongs(|e| {
        (e.restored, e.cache_was_lost) = (true, true);
        cache(e, 1).clear();
    });
    assert_eq!(lacks, [0, 1, 0, 0], "what the server has, everybody has");
}
