//! The client's events, pulled in batches.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use tokio::sync::{Mutex, watch};
use whinchat_core::{Error, ErrorCode, Event, EventStream};

use crate::call::{self, Result};
use crate::cancel::CancelToken;
use crate::live::{Counted, Kind};

/// Most events that one batch has.
const BATCH: u32 = 512;

/// The client's events, in the order in which they were committed. Nobody is called: the app comes for the next ones, and one
/// that comes late is told less often of what changed meanwhile, and still of every message. Nothing piles up here.
#[derive(Debug, uniffi::Object)]
pub struct EventSubscription {
    /// None once it has ended.
    stream: Mutex<Option<EventStream>>,
    stopped: watch::Sender<bool>,
    _counted: Counted,
}

impl EventSubscription {
    pub(crate) fn new(stream: EventStream) -> Arc<Self> {
        Arc::new(Self {
            stream: Mutex::new(Some(stream)),
            stopped: watch::Sender::new(false),
            _counted: Counted::new(Kind::Subscription),
        })
    }

    async fn pulled(&self, max: u32) -> whinchat_core::Result<Vec<Event>> {
        if max == 0 || max > BATCH {
            return Err(Error::new(ErrorCode::BadParameter, format!("a batch has 1 to {BATCH} events")));
        }
        let mut stopping = self.stopped.subscribe();
        let pulling = async {
            let mut stream = self.stream.lock().await;
            let Some(events) = stream.as_mut() else { return Vec::new() };
            let batch = events.next_batch(max as usize).await;
            if batch.is_empty() {
                *stream = None;
            }
            batch
        };
        // Stopped is looked at first.
        let stopped = pin!(stopping.wait_for(|stopped| *stopped));
        match select(stopped, pin!(pulling)).await {
            Either::Left(_) => {}
            Either::Right((batch, _)) => return Ok(batch),
        }
        *self.stream.lock().await = None;
        Ok(Vec::new())
    }
}

#[uniffi::export]
impl EventSubscription {
    /// Waits for the next event and gives it with those that wait behind it, `max` (1 to 512) at most. Empty: it has ended,
    /// because the client was closed or by `stop`. Giving the wait up loses nothing. Callers that wait together take turns.
    ///
    /// Messages count as shown when the app comes back for more: those of the last batch are told again after a kill.
    ///
    /// Fails with 6017 a `max` out of range.
    pub async fn next(&self, max: u32, cancel: Option<Arc<CancelToken>>) -> Result<Vec<Event>> {
        call::wait(cancel, self.pulled(max)).await
    }

    /// Ends it: who waits in `next` gets an empty batch, at once.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
        // Whoever waits lets the stream go himself.
        if let Ok(mut stream) = self.stream.try_lock() {
            *stream = None;
        }
    }
}
