//! The one place that appends: what all sessions have waiting goes to storage as one batch, and who has to hear of it
//! is told in the order of the commits. While one batch is being synced the next one gathers.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesOrdered;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;

use super::push::{EntryFrames, Own, tell};
use super::{Asker, refusal};
use crate::bus::Bus;
use crate::storage::{Append, Appended, Denied, Storage};

/// Submissions that may wait; a lane whose submission finds no room waits, and with it its session.
const QUEUE: usize = 1_024;
/// Messages of one batch.
const BATCH: usize = 512;
/// Batches on their way at once: one being synced, one being executed behind it.
const FLIGHTS: usize = 2;

/// A message that has passed the rules.
#[derive(Clone)]
pub(crate) struct Send {
    pub(crate) request: u64,
    pub(crate) append: Append,
    /// Decoded, for the push.
    pub(crate) envelope: wire::Envelope,
}

/// What became of a message; the session has been answered, save with `Stale`.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Done,
    Refused(ProtoError),
    Stale,
}

pub(crate) struct Submission {
    pub(crate) asker: Arc<dyn Asker>,
    pub(crate) sends: Vec<Send>,
    pub(crate) done: oneshot::Sender<Vec<Outcome>>,
}

/// Starts the task; it ends when every sender is gone and everything is settled.
pub(crate) fn start(
    storage: Arc<dyn Storage>,
    bus: Arc<dyn Bus>,
    tasks: &TaskTracker,
) -> mpsc::Sender<Submission> {
    let (submit, mut waiting) = mpsc::channel::<Submission>(QUEUE);
    tasks.spawn(async move {
        let mut flights = FuturesOrdered::new();
        let mut open = true;
        while open || !flights.is_empty() {
            tokio::select! {
                biased;
                Some((submissions, results)) = flights.next(), if !flights.is_empty() => {
                    settle(&*bus, submissions, results);
                }
                first = waiting.recv(), if open && flights.len() < FLIGHTS => {
                    let Some(first) = first else { open = false; continue };
                    let submissions = gather(first, &mut waiting);
                    let batch: Vec<Append> =
                        submissions.iter().flat_map(|s| s.sends.iter().map(|send| send.append.clone())).collect();
                    let storage = Arc::clone(&storage);
                    flights.push_back(async move { (submissions, storage.append(batch).await) });
                }
            }
        }
    });
    submit
}

fn gather(first: Submission, waiting: &mut mpsc::Receiver<Submission>) -> Vec<Submission> {
    let mut messages = first.sends.len();
    let mut submissions = vec![first];
    while messages < BATCH {
        let Ok(next) = waiting.try_recv() else { break };
        messages += next.sends.len();
        submissions.push(next);
    }
    submissions
}

fn settle(bus: &dyn Bus, submissions: Vec<Submission>, results: Vec<Result<Appended, Denied>>) {
    let mut results = results.into_iter();
    for submission in submissions {
        let asker = &*submission.asker;
        let outcomes = submission
            .sends
            .into_iter()
            .map(|send| match results.next() {
                Some(Ok(appended)) => {
                    done(bus, asker, send, appended);
                    Outcome::Done
                }
                Some(Err(Denied::Stale)) => Outcome::Stale,
                Some(Err(denied)) => refuse(asker, send.request, refusal(denied, ErrorCode::MessageFault)),
                // Storage owes a result a message; whoever got none may ask again.
                None => refuse(asker, send.request, ErrorCode::MessageFault.into()),
            })
            .collect();
        // The lane may have ended with its session.
        let _ = submission.done.send(outcomes);
    }
}

fn refuse(asker: &dyn Asker, request: u64, error: ProtoError) -> Outcome {
    asker.answer(request, None, Body::Error(error.to_wire()));
    Outcome::Refused(error)
}

fn done(bus: &dyn Bus, asker: &dyn Asker, send: Send, appended: Appended) {
    let Appended { result, bumped, fanout } = appended;
    let mut moved = None;
    if !bumped.is_empty() || fanout.is_some() {
        let entry = wire::Entry {
            seq: result.seq,
            time_ms: result.time_ms,
            r#mod: result.r#mod,
            counted: result.counted,
            counted_by_sender: result.counted_by_sender,
            body: Some(wire::entry::Body::Message(wire::StoredMessage {
                sender: send.append.sender.as_str().to_owned(),
                envelope: Some(send.envelope),
                content: send.append.content,
            })),
        };
        let frames = EntryFrames::new(
            send.append.conversation,
            Some(send.append.sender),
            result.epoch,
            entry,
            send.append.counted,
        );
        if let Some(fanout) = fanout {
            frames.fan_out(bus, fanout, &send.append.audience, Some(asker.origin()));
        }
        moved = tell(bus, asker, Own::Answered, Some(&frames), &bumped);
    }
    asker.answer(send.request, moved, Body::SendMessage(result));
}
