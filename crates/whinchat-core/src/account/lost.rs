//! What a server has lost that was put back to an older copy, and this device has: it goes back into the outbox.

use std::sync::Arc;

use whinchat_proto::id::ClientMessageId;
use whinchat_proto::limits::BATCH_ITEMS;

use super::Account;
use crate::error::Result;
use crate::outbox::{delete_payload, mark_payload};
use crate::store::{ItemKind, ItemState, OutboxRow, Requeued, query};
use crate::sync::Forgotten;

fn message(lost: Requeued) -> OutboxRow {
    OutboxRow {
        position: 0,
        kind: ItemKind::Message,
        conversation: lost.conversation,
        id: lost.client_id.0,
        state: ItemState::Waiting,
        created_ms: lost.created_ms,
        expires_ms: None,
        again: false,
        head_seq: u64::MAX >> 1,
        envelope: lost.envelope.into(),
        content: lost.content.into(),
    }
}

impl Account {
    /// Own messages that the server had acknowledged and lost again go back into the outbox, and so does what the user had
    /// read and deleted. Runs on the cache's writer.
    pub(super) fn requeue(self: &Arc<Self>, lost: Vec<Requeued>, forgotten: &[Forgotten]) -> Result<()> {
        if lost.is_empty() && forgotten.is_empty() {
            return Ok(());
        }
        tracing::warn!(
            messages = lost.len(),
            conversations = forgotten.len(),
            "the server has lost what it had acknowledged; it is sent again"
        );
        let mut rows: Vec<OutboxRow> = lost.into_iter().map(message).collect();
        rows.extend(forgotten.iter().flat_map(|forgotten| self.operations(forgotten)));
        let account = self.clone();
        let stored = rows.clone();
        let waits: Vec<bool> =
            stored.iter().map(|row| self.outbox.contains(ClientMessageId(row.id))).collect();
        let work = move |own: &rusqlite::Connection| {
            let put = |(row, waits): (&OutboxRow, bool)| {
                if !waits {
                    // A row whose answer was applied may still wait to be deleted; that must not hit this one.
                    query::delete_id(own, row.id)?;
                }
                query::insert(own, row)
            };
            stored.iter().zip(waits).map(put).collect::<Result<Vec<i64>>>()
        };
        let queue = move |positions: &Vec<i64>| {
            let mut lanes = account.outbox.lanes();
            for (row, position) in rows.into_iter().zip(positions) {
                if lanes.item(*position).is_none() {
                    lanes.add(OutboxRow { position: *position, ..row }, true);
                }
            }
            drop(lanes);
            account.outbox.changed.notify_one();
        };
        self.store.own.writer.write_blocking(work, queue).map(drop)
    }

    fn operations(&self, forgotten: &Forgotten) -> Vec<OutboxRow> {
        let Forgotten { conversation, epoch, read_seq, cleared_seq, deleted } = forgotten;
        let mark = |kind, seq| self.operation(kind, conversation, mark_payload(*epoch, seq));
        let cleared = cleared_seq.map(|seq| mark(ItemKind::Clear, seq));
        let read = read_seq.map(|seq| mark(ItemKind::MarkRead, seq));
        let deleted = deleted
            .chunks(BATCH_ITEMS)
            .map(|seqs| self.operation(ItemKind::Delete, conversation, delete_payload(*epoch, seqs)));
        cleared.into_iter().chain(deleted).chain(read).collect()
    }
}
