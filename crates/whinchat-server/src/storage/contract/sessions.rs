//! Sessions: who may go on, and who was ended by whom.

use whinchat_proto::id::SessionId;

use super::world::{World, id, login, with};
use crate::storage::{Ending, OpenSession, SessionOpened, SessionState, Standing};

pub(crate) async fn sessions_are_displaced_resumed_and_forgotten(world: World) {
    let session = |n: u8| SessionId([n; 16]);
    let opened = |displaced| SessionOpened::Opened { displaced, ghost: None, groups: 0, version: None };
    let anew = |displaced, ghost| SessionOpened::Opened {
        displaced,
        ghost: Some(session(ghost)),
        groups: 0,
        version: None,
    };
    let resume =
        |user, n, device, platform| OpenSession { resume: true, ..login(user, session(n), device, platform) };
    assert_eq!(world.open(login("alice", session(1), "old", 4)).await, opened(vec![]));
    assert_eq!(world.open(login("alice", session(2), "phone", 1)).await, opened(vec![]));
    assert_eq!(world.open(login("alice", session(3), "new", 4)).await, opened(vec![session(1)]));
    assert_eq!(world.open(resume("alice", 1, "old", 4)).await, SessionOpened::Ended(Ending::Displaced));
    assert_eq!(world.open(resume("alice", 2, "phone", 1)).await, opened(vec![]));
    assert_eq!(world.open(resume("bob", 2, "phone", 1)).await, SessionOpened::Unknown);
    assert_eq!(world.open(resume("alice", 9, "new", 4)).await, SessionOpened::Unknown);
    // The same device again: its former session is no more, and nobody is displaced.
    assert_eq!(world.open(login("alice", session(4), "new", 4)).await, anew(vec![], 3));
    assert_eq!(world.open(resume("alice", 3, "new", 4)).await, SessionOpened::Unknown);
    assert_eq!(world.open(login("alice", session(5), "old", 4)).await, anew(vec![session(4)], 1));
    world.storage.close_session(id("alice"), session(5), true).await.unwrap();
    assert_eq!(world.open(resume("alice", 5, "old", 4)).await, SessionOpened::Unknown);
    // Long unused ones are forgotten, a few at a time: the displaced and the phone's are left.
    assert_eq!(world.storage.prune_sessions(0, 10).await.unwrap(), 0);
    assert_eq!(world.storage.prune_sessions(i64::MAX, 1).await.unwrap(), 1);
    assert_eq!(world.storage.prune_sessions(i64::MAX, 10).await.unwrap(), 1);
    assert_eq!(world.open(resume("alice", 2, "phone", 1)).await, SessionOpened::Unknown);
}

fn session(n: u8) -> SessionId {
    SessionId([n; 16])
}

fn resume(user: &str, n: u8, device: &str, platform: i32) -> OpenSession {
    OpenSession { resume: true, ..login(user, session(n), device, platform) }
}

pub(crate) async fn an_administrator_ends_sessions_of_one_class_or_all(world: World) {
    for (n, device, platform) in [(1, "phone", 1), (2, "pad", 3), (3, "desk", 4)] {
        world.open(login("alice", session(n), device, platform)).await;
    }
    world.open(login("bob", session(4), "desk", 4)).await;
    let storage = &world.storage;
    assert_eq!(storage.end_sessions(id("nobody"), None).await.unwrap(), None);
    assert_eq!(storage.end_sessions(id("alice"), Some(1)).await.unwrap(), Some(vec![session(1)]));
    let by_admin = SessionOpened::Ended(Ending::Administrator);
    assert_eq!(world.open(resume("alice", 1, "phone", 1)).await, by_admin);
    assert!(matches!(world.open(resume("alice", 3, "desk", 4)).await, SessionOpened::Opened { .. }));
    let mut rest = storage.end_sessions(id("alice"), None).await.unwrap().unwrap();
    rest.sort_by_key(|session| session.0);
    assert_eq!(rest, [session(2), session(3)]);
    assert_eq!(storage.end_sessions(id("alice"), None).await.unwrap(), Some(Vec::new()));
    // What has ended is not displaced again, and a login puts another in its place.
    let opened = world.open(login("alice", session(5), "phone 2", 1)).await;
    assert!(matches!(opened, SessionOpened::Opened { displaced, ghost: None, .. } if displaced.is_empty()));
    let opened = world.open(login("alice", session(6), "desk", 4)).await;
    assert!(matches!(opened, SessionOpened::Opened { ghost: Some(ghost), .. } if ghost == session(3)));
    assert!(matches!(world.open(resume("alice", 6, "desk", 4)).await, SessionOpened::Opened { .. }));
    assert!(matches!(world.open(resume("bob", 4, "desk", 4)).await, SessionOpened::Opened { .. }));
}

pub(crate) async fn a_revoked_credential_opens_nothing(world: World) {
    world.open(login("alice", session(1), "desk", 4)).await;
    let storage = &world.storage;
    assert_eq!(storage.revoke(id("nobody")).await.unwrap(), None);
    assert_eq!(storage.revoke(id("alice")).await.unwrap(), Some(vec![session(1)]));
    let revoked_ms = storage.standings(vec![(id("alice"), session(1))]).await.unwrap()[0].revoked_ms;
    assert!(revoked_ms > 0);
    for (issued_ms, good) in [(1, false), (revoked_ms, false), (revoked_ms + 1, true)] {
        let opening = OpenSession { issued_ms, ..login("alice", session(2), "desk", 4) };
        let opened = world.open(opening.clone()).await;
        assert_eq!(opened != SessionOpened::Revoked, good, "{opened:?}");
        // A good credential does not bring an ended session back.
        let opened = world.open(OpenSession { issued_ms, ..resume("alice", 1, "desk", 4) }).await;
        assert!(opened == if good { SessionOpened::Unknown } else { SessionOpened::Revoked });
    }
    assert!(matches!(world.open(login("bob", session(9), "desk", 4)).await, SessionOpened::Opened { .. }));
}

pub(crate) async fn standings_say_what_the_bus_may_have_lost(world: World) {
    world.users(&["bob"]).await;
    world.open(login("alice", session(1), "old", 4)).await;
    world.open(login("alice", session(2), "new", 4)).await;
    world.open(login("alice", session(3), "phone", 1)).await;
    world.say("bob", &with("alice")).await;
    let before = world.storage.strangers().await.unwrap();
    let mut of: Vec<_> = (1..=4).map(|n| (id("alice"), session(n))).collect();
    of.extend([(id("bob"), session(3)), (id("nobody"), session(3))]);
    let standings = world.storage.standings(of).await.unwrap();
    let states: Vec<_> = standings.iter().map(|standing: &Standing| standing.state).collect();
    let displaced = SessionState::Ended(Ending::Displaced);
    let (stands, gone) = (SessionState::Stands, SessionState::Gone);
    assert_eq!(states, [displaced, stands, stands, gone, gone, gone]);
    let versions: Vec<_> = standings.iter().map(|standing| standing.version).collect();
    assert_eq!(versions, [1, 1, 1, 1, 1, 0]);
    // Nobody else has written.
    world.say("bob", &with("alice")).await;
    assert_eq!(world.storage.strangers().await.unwrap(), before);
}
