//! Answers to what the outbox and the direct mutations asked.

use std::sync::Arc;

use prost::Message as _;
use whinchat_proto::id::{ClientMessageId, OperationId};
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;

use super::Account;
use super::mutate::{self, Settled};
use crate::error::{Error, ErrorCode, Result};
use crate::message::{Message, MessageId};
use crate::outbox::{Answered, Purpose};
use crate::platform::{Instant, random_u64};
use crate::store::{ItemKind, OutboxRow};
use crate::sync::{Acknowledged, Entry, EntryBody, Input, Message as LogMessage, Outcome};

/// An answer whose inputs are being applied; acted on once they are committed.
pub(crate) enum Answer {
    /// The server has the item.
    Stored { row: OutboxRow, stored: wire::SendMessageResult },
    /// The item was a mark, a deletion or an emptying, and stands.
    Done { row: OutboxRow },
    /// The server will never have the item.
    Tombstoned { row: OutboxRow },
    /// The server has refused.
    Refused { row: OutboxRow, purpose: Purpose, error: Error },
    /// A direct mutation was answered.
    Direct(Settled),
}

impl Account {
    /// Reads one answer; what it says about the logs goes to `inputs`.
    pub(super) fn read_answer(
        &self,
        tag: u64,
        result: Result<Box<wire::Response>>,
        inputs: &mut Vec<Input>,
    ) -> Option<Answer> {
        let result = result.and_then(|response| match response.body {
            Some(Body::Error(ref error)) => Err(error.clone().into()),
            _ => Ok(*response),
        });
        if mutate::is_direct(tag) {
            let settled = self.direct.take(tag, result)?;
            if let Ok(response) = &settled.result {
                mutate::inputs_of(response, inputs);
                link(response, inputs);
            }
            return Some(Answer::Direct(settled));
        }
        let answered = self.outbox.lanes().answered(tag);
        // Another answer has settled it meanwhile; what it did to the change log counts all the same.
        let Some(Answered { row, purpose }) = answered else {
            if let Ok(response) = &result {
                link(response, inputs);
            }
            return None;
        };
        let response = match result {
            Ok(response) => response,
            Err(error) => return Some(Answer::Refused { row, purpose, error }),
        };
        let answer = match &response.body {
            Some(Body::SendMessage(stored)) => self.stored(row, *stored, inputs),
            Some(Body::CancelSend(wire::CancelSendResult { stored: Some(stored), .. })) => {
                self.stored(row, *stored, inputs)
            }
            Some(Body::CancelSend(_)) => Answer::Tombstoned { row },
            Some(Body::MarkRead(marked)) => {
                inputs.push(Input::marked(row.conversation.clone(), *marked));
                Answer::Done { row }
            }
            Some(Body::DeleteMessages(_) | Body::ClearHistory(_)) => {
                inputs.extend(crate::outbox::input(&row));
                Answer::Done { row }
            }
            _ => Answer::Refused { row, purpose, error: ErrorCode::ResponseUndecodable.into() },
        };
        link(&response, inputs);
        Some(answer)
    }

    fn stored(&self, row: OutboxRow, stored: wire::SendMessageResult, inputs: &mut Vec<Input>) -> Answer {
        let envelope = wire::Envelope::decode(row.envelope.clone()).unwrap_or_default();
        let entry = Entry {
            seq: stored.seq,
            time_ms: stored.time_ms,
            modified: stored.r#mod,
            counted: stored.counted,
            counted_by_sender: stored.counted_by_sender,
            body: EntryBody::Message(LogMessage {
                sender: self.me.clone(),
                client_id: ClientMessageId(row.id),
                excluded_from_unread: envelope.excluded_from_unread,
                excluded_from_last_message: envelope.excluded_from_last_message,
                kind: envelope.kind,
                envelope: row.envelope.clone(),
                content: row.content.clone(),
            }),
        };
        let conversation = row.conversation.clone();
        inputs.push(Input::Acknowledged(Acknowledged { conversation, epoch: stored.epoch, entry }));
        Answer::Stored { row, stored }
    }

    /// Acts on answers whose inputs are committed.
    pub(super) async fn settle(self: &Arc<Self>, answers: Vec<Answer>, outcome: &Outcome) {
        for answer in answers {
            match answer {
                Answer::Stored { row, .. } if outcome.unplaced.contains(&ClientMessageId(row.id)) => {
                    self.outbox.lanes().ask_again(row.position, Instant::now(), random_u64());
                }
                Answer::Stored { row, stored } => {
                    let message = super::read::sent_message(&row, &stored, &self.me);
                    if !self.leave(&row, Ok(message)).await {
                        self.delete_stored(row, &stored).await;
                    }
                }
                Answer::Done { row } => {
                    self.outbox.lanes().remove(row.position);
                    self.delete_later(row.position).await;
                }
                Answer::Tombstoned { row } => {
                    // It was cancelled because its time ran out, or because the app wanted it.
                    let expired = row.expires_ms.is_some_and(|expires| expires <= self.now_ms());
                    let code = if expired { ErrorCode::RequestTimeout } else { ErrorCode::SendCancelled };
                    self.keep_failed(row, code.into()).await;
                }
                Answer::Refused { row, purpose, error } => self.refused(row, purpose, error).await,
                Answer::Direct(settled) => settled.tell(),
            }
        }
        self.outbox.changed.notify_one();
        self.outbox.settled.notify_waiters();
    }

    /// The inputs could not be stored: the items go out again and the server repeats its answers.
    pub(super) fn unsettle(&self, answers: Vec<Answer>) {
        let now = Instant::now();
        for answer in answers {
            match answer {
                Answer::Stored { row, .. }
                | Answer::Done { row }
                | Answer::Tombstoned { row }
                | Answer::Refused { row, .. } => {
                    self.outbox.lanes().ask_again(row.position, now, random_u64())
                }
                // The change itself comes again with the change log.
                Answer::Direct(settled) => settled.tell(),
            }
        }
        self.outbox.changed.notify_one();
    }

    async fn refused(self: &Arc<Self>, row: OutboxRow, purpose: Purpose, error: Error) {
        if error.class.is_retryable() || matches!(error.class, crate::error::ErrorClass::Reauthenticate) {
            let (now, random) = (Instant::now(), random_u64());
            self.outbox.lanes().refused(row.position, purpose, &error, now, random);
            return;
        }
        match row.kind {
            ItemKind::MarkRead | ItemKind::Delete | ItemKind::Clear => {
                tracing::debug!(code = error.code, kind = ?row.kind, "it was refused and is dropped");
                self.outbox.lanes().remove(row.position);
                self.delete_later(row.position).await;
            }
            ItemKind::Message => self.keep_failed(row, error).await,
        }
    }

    /// The message has reached the server: it leaves the outbox and those who wait are told. False: the user has deleted it
    /// meanwhile, and it stays.
    async fn leave(&self, row: &OutboxRow, result: Result<Message>) -> bool {
        let item = {
            let mut lanes = self.outbox.lanes();
            if lanes.is_deleting(row.position) {
                return false;
            }
            lanes.remove(row.position)
        };
        for waiter in item.into_iter().flat_map(|item| item.waiters) {
            drop(waiter.send(result.clone()));
        }
        self.hub.message(&self.message_id(row), &row.conversation);
        self.delete_later(row.position).await;
        true
    }

    /// The message failed for good; it stays with its reason, to be sent again or removed.
    async fn keep_failed(&self, row: OutboxRow, error: Error) {
        if self.outbox.lanes().is_deleting(row.position) {
            return self.forget_deleted(row.position, &error).await;
        }
        if self.write_failed(row.position, &error).await {
            self.tell_failed(&row, &error);
        } else {
            // Told and not written down, it would go out after a restart, and perhaps be stored beside what was sent in its
            // place. So it is not told yet: the server is asked again, and repeats itself.
            self.outbox.lanes().ask_again(row.position, Instant::now(), random_u64());
        }
    }

    pub(super) async fn write_failed(&self, position: i64, error: &Error) -> bool {
        let reason = error.clone();
        let written =
            self.store.own.writer.write(move |own| crate::store::query::fail(own, position, &reason)).await;
        if let Err(fault) = &written {
            tracing::warn!(code = fault.code, "a failed send could not be written down");
        }
        written.is_ok()
    }

    pub(super) fn tell_failed(&self, row: &OutboxRow, error: &Error) {
        let waiters = self.outbox.lanes().fail(row.position, error.clone());
        self.outbox.settled.notify_waiters();
        for waiter in waiters {
            drop(waiter.send(Err(error.clone())));
        }
        self.hub.message(&self.message_id(row), &row.conversation);
    }

    pub(super) async fn delete_later(&self, position: i64) {
        // Closed only when the account is; then the row is found settled at the next start.
        let _ = self.settled.send(position).await;
    }

    /// The public id of an outbox message.
    pub(super) fn message_id(&self, row: &OutboxRow) -> MessageId {
        MessageId::form(ClientMessageId(row.id), &self.me, &row.conversation, &self.me)
    }
}

fn link(response: &wire::Response, inputs: &mut Vec<Input>) {
    if response.version > 0 {
        inputs.push(Input::Link { prev: response.prev_version, version: response.version });
    }
}

/// A fresh id for a mutation.
pub(super) fn operation_id(now_ms: i64) -> OperationId {
    OperationId::from_parts(now_ms, crate::platform::random_bytes())
}
