//! What a reader does not see is listed up to a limit, and counted beyond it.

use whinchat_proto::wire;

use crate::storage::contract::world::{group, group_id, id, message, only_for, operation};
use crate::storage::sqlite::rows::{conversation_name, user_number, view};
use crate::storage::sqlite::state::{Reader, excepted};
use crate::storage::sqlite::tests::plans::connect;
use crate::storage::sqlite::{append, deletions, groups, open};
use crate::storage::{GroupKind, NewGroup};

#[test]
fn the_newest_are_listed_and_all_are_counted_whatever_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let mut conn = open::connect(&path, false).unwrap();
    open::migrate(&path, &mut conn).unwrap();
    for user in ["bo", "eve", "carol"] {
        connect(&conn, user, false, wire::Cursor::default());
    }
    let team = NewGroup {
        id: group_id("team"),
        kind: GroupKind::Work,
        name: "Team".into(),
        members: vec![id("eve"), id("carol")],
        capacity: 9,
    };
    groups::create(&conn, 1, 9, &operation("bo"), &team).unwrap();
    let rules = groups::rules(&conn, &group_id("team")).unwrap().unwrap();
    for n in 0..12 {
        let mut sent = message("bo", group("team"), 10);
        sent.expected = Some(rules.version);
        let sent =
            if n % 3 == 0 { sent } else { only_for(sent, &[if n % 3 == 1 { "eve" } else { "carol" }]) };
        append::append(&conn, 1, 9, &[sent]).unwrap().remove(0).unwrap();
    }
    let eve = user_number(&conn, &id("eve")).unwrap().unwrap();
    let name = conversation_name(&id("eve"), &group("team"));
    let (row, _) = view(&conn, eve, &name).unwrap().unwrap();
    deletions::delete(&conn, 1, &operation("eve"), &group("team"), row.epoch, &[2, 3, 11]).unwrap();

    let (row, member) = view(&conn, eve, &name).unwrap().unwrap();
    let reader = Reader { number: eve, name: "eve" };
    let all = [2, 3, 4, 7, 10, 11, 13];
    for limit in 0..9 {
        let (listed, folded) = excepted(&conn, &row, &member, reader, row.head_seq, limit).unwrap();
        let left_out = all.len().saturating_sub(limit);
        assert_eq!((listed.as_slice(), folded), (&all[left_out..], left_out as u64));
    }
}
