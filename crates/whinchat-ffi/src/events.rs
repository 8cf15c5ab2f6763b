//! The client's events, pulled in batches.

use std::sync::Arc;

use whinchat_core::{Error, ErrorCode, Event, EventStream};

use crate::call::{self, Result, Threads};
use crate::cancel::CancelToken;
use crate::live::{Counted, Kind};
use crate::pull::{Pull, Source};

/// Most events that one batch has.
const BATCH: u32 = 512;

/// Events that came one after the other.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct EventBatch {
    /// Its number, to be given to the next `next`.
    pub number: u64,
    /// The events; at least one.
    pub events: Vec<Event>,
}

impl Source for EventStream {
    type Item = Vec<Event>;
    async fn pull(&mut self, max: usize) -> Option<Vec<Event>> {
        Some(self.next_batch(max).await).filter(|batch| !batch.is_empty())
    }
}

/// The client's events, in the order in which they were committed. Nobody is called: the app comes for the next ones, and one
/// that comes late is told less often of what changed meanwhile, and still of every message. Nothing piles up here.
#[derive(Debug, uniffi::Object)]
pub struct EventSubscription {
    events: Pull<EventStream>,
    threads: Threads,
    _counted: Counted,
}

impl EventSubscription {
    pub(crate) fn new(stream: EventStream, threads: Threads) -> Arc<Self> {
        Arc::new(Self { events: Pull::new(stream), threads, _counted: Counted::new(Kind::Subscription) })
    }
}

#[uniffi::export]
impl EventSubscription {
    /// Waits for the next event and gives it with those that wait behind it, `max` (1 to 512) at most. None: it has ended,
    /// because the client was closed or by `stop`.
    ///
    /// `taken` is the number of the last batch that arrived, 0 at first. A batch whose number does not come back is given
    /// again, so giving a wait up loses nothing. Its messages count as shown when its number comes back: those of the last
    /// batch are told again after a kill. One caller at a time.
    ///
    /// Fails with 6017 a `max` out of range, or a `taken` that is not the last number or the one before.
    pub async fn next(
        &self,
        taken: u64,
        max: u32,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Option<EventBatch>> {
        let events = self.events.clone();
        let pulling = async move {
            if max == 0 || max > BATCH {
                return Err(Error::new(ErrorCode::BadParameter, format!("a batch has 1 to {BATCH} events")));
            }
            let batch = events.next(taken, max as usize).await?;
            Ok(batch.map(|(number, events)| EventBatch { number, events }))
        };
        self.threads.wait(cancel, pulling).await
    }

    /// Ends it: who waits in `next` gets none, at once.
    pub fn stop(&self) {
        call::look((), || self.events.stop());
    }
}
