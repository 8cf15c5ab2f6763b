//! What goes out to a JavaScript context, in the order in which it came about.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Events that wait to be taken. When full, the context's events stay in the core, where they cost a key each and merge.
const EVENTS: usize = 256;

/// One thing for the callback that came with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The id that the call was given.
    pub call: u64,
    /// A JSON object: a result or an event.
    pub json: String,
    /// The callback is a listener's and will be called again; otherwise this was its only call.
    pub keep: bool,
}

/// The way out of a context. Dropping it ends nothing; the [`crate::Context`] does.
#[derive(Debug)]
pub struct Deliveries {
    out: Arc<Out>,
}

impl Deliveries {
    pub(crate) fn new(out: Arc<Out>) -> Self {
        Self { out }
    }

    /// The next delivery; `None` once the context was dropped and everything was taken. A host that takes slowly slows down
    /// its own context's events and nothing else. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Delivery> {
        loop {
            let mut added = std::pin::pin!(self.out.added.notified());
            added.as_mut().enable();
            if let Some(delivery) = self.out.take() {
                return Some(delivery);
            }
            if self.out.lock().closed {
                return None;
            }
            added.await;
        }
    }
}

/// The queue between the two.
#[derive(Debug, Default)]
pub(crate) struct Out {
    queue: Mutex<Queue>,
    added: Notify,
    taken: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Delivery>,
    events: usize,
    closed: bool,
}

impl Out {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A result. There are never more than calls were made: whoever makes them bounds them.
    pub(crate) fn result(&self, call: u64, json: String) {
        self.lock().waiting.push_back(Delivery { call, json, keep: false });
        self.added.notify_one();
    }

    /// An event, once there is room for it, if somebody `listens` then. Asked in one step with putting it in: what answers the
    /// removal of a listener comes behind everything that the listener is told.
    pub(crate) async fn event(&self, listens: impl Fn() -> Option<u64>, json: String) {
        loop {
            let mut taken = std::pin::pin!(self.taken.notified());
            taken.as_mut().enable();
            {
                let mut queue = self.lock();
                if queue.closed {
                    return;
                }
                if queue.events < EVENTS {
                    let Some(call) = listens() else {
                        // The room is for somebody else.
                        self.taken.notify_one();
                        return;
                    };
                    queue.events += 1;
                    queue.waiting.push_back(Delivery { call, json, keep: true });
                    break;
                }
            }
            taken.await;
        }
        self.added.notify_one();
    }

    /// Whether the context is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.added.notify_one();
        self.taken.notify_waiters();
    }

    fn take(&self) -> Option<Delivery> {
        let mut queue = self.lock();
        let delivery = queue.waiting.pop_front()?;
        if delivery.keep {
            queue.events -= 1;
            drop(queue);
            self.taken.notify_one();
        }
        Some(delivery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_and_events_come_out_in_order_and_events_wait_for_room() {
        let out = Arc::new(Out::default());
        let mut deliveries = Deliveries::new(out.clone());
        let filling = tokio::spawn({
            let out = out.clone();
            async move {
                for n in 0..3 * EVENTS {
                    out.event(|| Some(1), n.to_string()).await;
                }
                out.result(2, "done".into());
                out.close();
            }
        });
        let mut seen = 0;
        while let Some(delivery) = deliveries.next().await {
            assert!(out.lock().waiting.len() <= EVENTS + 1);
            if delivery.keep {
                assert_eq!(delivery.json, seen.to_string());
                seen += 1;
            } else {
                assert_eq!(delivery.json, "done");
            }
        }
        assert_eq!(seen, 3 * EVENTS);
        filling.await.unwrap();
    }

    #[tokio::test]
    async fn who_waits_for_room_is_let_go_when_the_context_ends() {
        let out = Arc::new(Out::default());
        for n in 0..EVENTS {
            out.event(|| Some(1), n.to_string()).await;
        }
        let waiting = tokio::spawn({
            let out = out.clone();
            async move { out.event(|| Some(1), "late".into()).await }
        });
        tokio::task::yield_now().await;
        out.close();
        waiting.await.unwrap();
    }
}
