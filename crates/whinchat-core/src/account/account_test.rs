//! An account over real files, without a server.

use std::path::Path;
use std::sync::Arc;

use whinchat_proto::id::{ConversationId, UserId};
use whinchat_proto::wire;

use super::{Account, Kept};
use crate::event::Hub;
use crate::outbox::read_payload;
use crate::platform::{Runtime, timeout};
use crate::store::{ItemKind, query};
use crate::sync::{Floor, Input, Page, Totals};

const EPOCH: u64 = 11;

async fn open(runtime: &Arc<Runtime>, folder: &Path) -> Arc<Account> {
    let who = Kept::fresh(UserId::new("me").unwrap(), String::new());
    Account::open(runtime, &Arc::new(Hub::default()), folder, who).await.unwrap().0
}

fn bob() -> ConversationId {
    ConversationId::parse("c2c_bob").unwrap()
}

/// A conversation with so many messages of the other side, none of them here.
fn state(head_seq: u64) -> Input {
    let state = wire::ConversationState {
        conversation: Some(bob().to_wire()),
        epoch: EPOCH,
        head_seq,
        counted: head_seq,
        visible_from: 1,
        version: 1,
        ..wire::ConversationState::default()
    };
    Input::from_change(wire::ConversationChange { state: Some(state), ..wire::ConversationChange::default() })
        .unwrap()
}

#[tokio::test]
async fn a_mark_that_was_written_down_shows_after_a_kill_between_the_two_files() {
    let (runtime, folder) = (Arc::new(Runtime::new().unwrap()), tempfile::tempdir().unwrap());
    let account = open(&runtime, folder.path()).await;
    account.apply(vec![state(5)]).await.unwrap();
    let floor = |seq| Floor { seq, totals: Totals { counted: seq, own: 0 } };
    for seq in [2, 4] {
        let row = account.operation(ItemKind::MarkRead, &bob(), read_payload(EPOCH, floor(seq)));
        account.store.own.writer.write(move |own| query::insert(own, &row)).await.unwrap();
    }
    account.store.close().await;

    let account = open(&runtime, folder.path()).await;
    let shown = account.conversation(&bob()).await.unwrap().unwrap();
    assert_eq!((shown.unread, shown.read_seq), (1, 4));
    assert_eq!(account.total_unread().await.unwrap(), 1);
    account.store.close().await;
}

#[tokio::test]
async fn what_a_page_of_history_finds_missing_is_handed_on() {
    let (runtime, folder) = (Arc::new(Runtime::new().unwrap()), tempfile::tempdir().unwrap());
    let account = open(&runtime, folder.path()).await;
    account.apply(vec![state(5)]).await.unwrap();
    let page = |epoch| Page { conversation: bob(), epoch, from: 2, to: 3, entries: Vec::new(), state: None };
    account.apply_aside(vec![Input::Page(page(EPOCH))]).await.unwrap();
    account.apply_aside(vec![Input::Page(page(EPOCH + 1))]).await.unwrap();
    let missing = timeout(std::time::Duration::from_secs(5), account.missing.found()).await.unwrap();
    let wants: Vec<_> = missing.wants.iter().map(|want| (want.from, want.to)).collect();
    assert_eq!((wants, missing.lookups), (vec![(4, 5)], vec![bob()]));
    account.store.close().await;
}
