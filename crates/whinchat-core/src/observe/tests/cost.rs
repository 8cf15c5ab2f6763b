//! What a change costs an observer.

use std::ffi::{c_int, c_uint, c_void};
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, ffi};
use whinchat_proto::id::ConversationId;

use super::super::list::ListView;
use super::super::observation::View;
use super::super::watcher::Due;
use super::runtime;
use super::world::World;
use crate::store::query;

/// Statements that a connection has begun, and steps of SQLite's machine that they took.
#[derive(Default)]
struct Meter {
    statements: AtomicU64,
    steps: AtomicU64,
}

extern "C" fn on_statement(_: c_uint, meter: *mut c_void, _: *mut c_void, _: *mut c_void) -> c_int {
    count(meter, |meter| &meter.statements)
}

extern "C" fn on_step(meter: *mut c_void) -> c_int {
    count(meter, |meter| &meter.steps)
}

#[allow(unsafe_code, reason = "rusqlite's own counters are behind features that nothing else needs")]
fn count(meter: *mut c_void, which: fn(&Meter) -> &AtomicU64) -> c_int {
    // SAFETY: `metered` gave SQLite the address of a meter that is never freed.
    let meter = unsafe { &*meter.cast::<Meter>() };
    which(meter).fetch_add(1, Ordering::Relaxed);
    0
}

/// A reading connection that is counted.
#[allow(unsafe_code, reason = "rusqlite's own counters are behind features that nothing else needs")]
fn metered(path: &str) -> (Connection, &'static Meter) {
    let connection = Connection::open(path).unwrap();
    let meter: &'static Meter = Box::leak(Box::default());
    let address = std::ptr::from_ref(meter).cast_mut().cast::<c_void>();
    // SAFETY: the handle is open, and the meter outlives it.
    unsafe {
        ffi::sqlite3_trace_v2(
            connection.handle(),
            ffi::SQLITE_TRACE_STMT as c_uint,
            Some(on_statement),
            address,
        );
        ffi::sqlite3_progress_handler(connection.handle(), 1, Some(on_step), address);
    }
    (connection, meter)
}

async fn fill(world: &World, conversations: usize) -> String {
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {conversations})
         INSERT INTO conversation (id, known, epoch, head_seq, counted, visible_from, active_ms, sort_ms)
         SELECT 'c2c_user' || i, 1, 7, 1, 1, 1, i, i FROM n;
         INSERT INTO message (conversation, seq, time_ms, modified, sender, client_id, kind, from_here, last_message,
            envelope, content)
         SELECT row, 1, row, 0, 'user' || row, unhex(printf('%032x', row)), 1, 0, 1, zeroblob(0), zeroblob(200)
         FROM conversation;"
    );
    let work = move |cache: &Connection| {
        cache.execute_batch(&sql).unwrap();
        Ok(cache.path().unwrap().to_owned())
    };
    world.account.store.cache.writer.write(work).await.unwrap()
}

/// Statements and steps that one changed conversation costs, wherever it stood.
async fn cost(conversations: usize, window: usize, which: usize) -> (u64, u64) {
    let world = World::new(runtime(), 1).await;
    let path = fill(&world, conversations).await;
    let (cache, meter) = metered(&path);
    let mut view = ListView::new(window);
    view.refresh(&cache, &world.account, Due { all: true, ..Due::default() }).unwrap();
    assert!(view.take().is_some());
    let before = (meter.statements.load(Ordering::Relaxed), meter.steps.load(Ordering::Relaxed));
    let id = ConversationId::parse(&format!("c2c_user{which}")).unwrap();
    let changed = id.clone();
    let work = move |cache: &Connection| query::bump(cache, &changed, 10_000_000);
    world.account.store.cache.writer.write(work).await.unwrap();
    view.refresh(&cache, &world.account, Due { changed: [id].into(), ..Due::default() }).unwrap();
    assert!(view.take().is_some());
    let after = (meter.statements.load(Ordering::Relaxed), meter.steps.load(Ordering::Relaxed));
    (after.0 - before.0, after.1 - before.1)
}

#[tokio::test]
async fn one_changed_conversation_costs_the_same_among_ten_and_among_ten_thousand() {
    let (statements, steps) = cost(10, 10, 5).await;
    println!("of 10: {statements} statements, {steps} steps");
    assert!(statements <= 3, "the conversation and its last message: {statements}");
    for (window, which) in [(10_000, 5_000), (10_000, 1), (50, 9_990), (50, 3)] {
        let (many, far) = cost(10_000, window, which).await;
        println!("window {window} of 10000, number {which}: {many} statements, {far} steps");
        assert!(many <= 3 && far <= steps + 40, "{many} statements, {far} steps; among ten {steps}");
    }
}
