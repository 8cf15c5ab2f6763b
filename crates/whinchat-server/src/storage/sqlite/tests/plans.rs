//! Every statement that sends, reads, marks and resumes really run walks an index: they are recorded while they run, and
//! SQLite is asked for the plan of each.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rusqlite::trace::{TraceEvent, TraceEventCodes};
use whinchat_proto::id::{DeviceId, SessionId};
use whinchat_proto::wire;

use crate::storage::contract::world::{group, group_id, id, message, only_for, operation, with};
use crate::storage::sqlite::{
    append, changes, deletions, fetch, groups, large, marks, open, operations, sessions,
};
use crate::storage::{Cancel, GroupKind, NewGroup, OpenSession, Range};

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

// The signature is rusqlite's.
#[allow(clippy::needless_pass_by_value)]
fn record(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(_, sql) = event {
        SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.to_owned());
    }
}

pub(super) fn connect(conn: &rusqlite::Connection, user: &str, resume: bool, cursor: wire::Cursor) {
    let request = OpenSession {
        user: id(user),
        session: SessionId([user.len().to_le_bytes()[0]; 16]),
        device: DeviceId::new(user).unwrap(),
        platform: 4,
        resume,
        issued_ms: 1,
        cursor,
    };
    sessions::open(conn, 1, "main", &request).unwrap();
    sessions::close(conn, "main", &id(user), request.session, false).unwrap();
}

/// A day in the life of a database.
fn run_everything(conn: &rusqlite::Connection) {
    for user in ["bo", "eve", "carol"] {
        connect(conn, user, false, wire::Cursor::default());
        connect(conn, user, true, wire::Cursor::default());
    }
    let team = NewGroup {
        id: group_id("team"),
        kind: GroupKind::Work,
        name: "Team".into(),
        members: vec![id("eve"), id("carol")],
        capacity: 9,
    };
    groups::create(conn, 1, 3, &operation("bo"), &team).unwrap();
    let rules = groups::rules(conn, &group_id("team")).unwrap().unwrap();
    groups::version(conn, &group_id("team")).unwrap();
    let mut to_team = only_for(message("bo", group("team"), 10), &["eve"]);
    to_team.expected = Some(rules.version);
    let repeated = message("bo", with("eve"), 10);
    let cancel = Cancel {
        conversation: with("eve"),
        sender: id("bo"),
        client_id: message("bo", with("eve"), 1).client_id,
        refused: None,
    };
    append::cancel(conn, 1, &cancel).unwrap();
    let batch = [to_team, repeated.clone(), message("eve", with("bo"), 10), repeated.clone()];
    let results = append::append(conn, 1, 3, &batch).unwrap();
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    append::sent(conn, &repeated).unwrap();
    for user in ["bo", "eve", "carol"] {
        let page = changes::changes(conn, &id(user), &wire::Cursor::default(), 0, None).unwrap();
        changes::changes(conn, &id(user), &page.to.unwrap(), 0, None).unwrap();
        let ranges =
            [with("bo"), group("team")].map(|conversation| Range { conversation, epoch: 1, from: 1, to: 9 });
        fetch::fetch(conn, &id(user), &ranges).unwrap();
        let epoch = fetch::conversations(conn, &id(user), &[group("team")]).unwrap()[0]
            .change
            .as_ref()
            .and_then(|change| change.state.as_ref())
            .unwrap()
            .epoch;
        marks::mark_read(conn, 1, &operation(user), &group("team"), epoch, 1).unwrap();
        marks::mark_read(conn, 1, &operation(user), &group("team"), epoch, 2).unwrap();
    }
    let found = fetch::conversations(conn, &id("eve"), &[with("bo")]).unwrap();
    let epoch = found[0].change.as_ref().and_then(|change| change.state.as_ref()).unwrap().epoch;
    marks::mark_read(conn, 1, &operation("eve"), &with("bo"), epoch, 1).unwrap();
    deletions::delete(conn, 1, &operation("eve"), &with("bo"), epoch, &[1, 2]).unwrap();
    fetch::conversations(conn, &id("eve"), &[with("bo")]).unwrap();
    changes::changes(conn, &id("eve"), &wire::Cursor::default(), 0, None).unwrap();
    deletions::clear(conn, 1, &operation("eve"), &with("bo"), epoch, 2).unwrap();
    large_groups(conn);
    operations::prune(conn, 0, 10).unwrap();
    append::prune_cancelled(conn, 0, 10).unwrap();
    sessions::prune(conn, 0, 10).unwrap();
    connect(conn, "bo", false, wire::Cursor::default());
    sessions::standings(conn, &[(id("bo"), SessionId([2; 16]))]).unwrap();
    sessions::end(conn, &id("bo"), Some(4)).unwrap();
    sessions::revoke(conn, 0, &id("bo")).unwrap();
    sessions::nodes(conn).unwrap();
    sessions::nobody_is_on(conn, "main").unwrap();
}

/// Of the team, which is large, few movements and then many are looked for.
fn large_groups(conn: &rusqlite::Connection) {
    large::head(conn, group_id("team")).unwrap().unwrap();
    for movements in [2, 300] {
        conn.execute("UPDATE store SET moved = ?1 WHERE id = 1", [movements]).unwrap();
        let number = super::super::rows::user_number(conn, &id("eve")).unwrap().unwrap();
        let heads = large::heads(conn, number, 0, 10).unwrap();
        assert_eq!((heads.heads.len(), heads.upto), (1, movements));
        assert_eq!(large::moved_groups(conn, 0, 10).unwrap().1.len(), 1);
        let cursor = wire::Cursor { groups: 0, ..changes::head(conn, &id("eve")).unwrap() };
        conn.execute("UPDATE member SET seen = 0 WHERE conversation > 0", []).unwrap();
        connect(conn, "eve", true, cursor);
        assert_eq!(changes::changes(conn, &id("eve"), &cursor, 0, None).unwrap().changes.len(), 1);
    }
}

#[test]
fn every_statement_walks_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.db");
    let mut conn = open::connect(&path, false).unwrap();
    open::migrate(&path, &mut conn).unwrap();
    conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(record));
    run_everything(&conn);
    conn.trace_v2(TraceEventCodes::empty(), None);
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut plans = 0;
    for sql in seen {
        let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let unbound = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps: Vec<String> = plan
            .query_map(rusqlite::params_from_iter(unbound), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for step in steps {
            plans += 1;
            // A conversation with much deleted costs what went since, and not all of it.
            let lists_deletions = sql.contains("FROM deletion") && sql.contains("version > ");
            assert!(!lists_deletions || step.contains("version>?"), "{sql}: {step}");
            assert!(!step.starts_with("SCAN") && !step.contains("TEMP B-TREE"), "{sql}: {step}");
        }
    }
    assert!(plans > 25, "only {plans} steps were recorded");
}
