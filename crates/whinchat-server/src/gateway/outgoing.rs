//! What waits to be written to one connection: bounded in frames and bytes. Whoever reads too slowly is cut off.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// See the module.
pub(crate) struct Outgoing {
    queue: Mutex<Queue>,
    /// Something can be written, or the end has come.
    ready: Notify,
    /// The end has come, for a writer that is stuck.
    ending: Notify,
    /// There is room again.
    room: Notify,
    frames: usize,
    bytes: usize,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Bytes>,
    bytes: usize,
    end: Option<End>,
}

/// How a connection ends.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// The last frame, if there is something to say.
    pub(crate) last: Option<Bytes>,
    /// What waits is written before it; else it is thrown away.
    pub(crate) orderly: bool,
}

/// What the writer has to do next.
pub(crate) enum Next {
    /// Write this.
    Frame(Bytes),
    /// Nothing for now: flush and wait.
    Idle,
    /// Finish.
    End(End),
}

impl Outgoing {
    pub(crate) fn new(frames: usize, bytes: usize) -> Self {
        Self {
            queue: Mutex::default(),
            ready: Notify::new(),
            ending: Notify::new(),
            room: Notify::new(),
            frames,
            bytes,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a frame. When there is no room the connection ends with `too_slow`, and nothing more is kept.
    pub(crate) fn push(&self, frame: Bytes, too_slow: impl FnOnce() -> Bytes) {
        let mut queue = self.lock();
        if queue.end.is_some() {
            return;
        }
        if queue.frames.len() >= self.frames || queue.bytes + frame.len() > self.bytes {
            queue.frames.clear();
            queue.bytes = 0;
            queue.end = Some(End { last: Some(too_slow()), orderly: false });
            drop(queue);
            self.ready.notify_one();
            self.ending.notify_one();
            self.room.notify_one();
            return;
        }
        queue.bytes += frame.len();
        queue.frames.push_back(frame);
        drop(queue);
        self.ready.notify_one();
    }

    /// Ends the connection; the first end stands.
    pub(crate) fn end(&self, end: End) {
        let mut queue = self.lock();
        if queue.end.is_none() {
            if !end.orderly {
                queue.frames.clear();
                queue.bytes = 0;
            }
            queue.end = Some(end);
        }
        drop(queue);
        self.ready.notify_one();
        self.ending.notify_one();
        self.room.notify_one();
    }

    /// What the writer has to do next.
    pub(crate) fn next(&self) -> Next {
        let mut queue = self.lock();
        if let Some(frame) = queue.frames.pop_front() {
            queue.bytes -= frame.len();
            let roomy = queue.bytes <= self.bytes / 4;
            drop(queue);
            if roomy {
                self.room.notify_one();
            }
            return Next::Frame(frame);
        }
        match &queue.end {
            Some(end) => Next::End(end.clone()),
            None => {
                // Most connections are idle most of the time: they keep no memory for it.
                queue.frames.shrink_to(8);
                Next::Idle
            }
        }
    }

    /// Waits until there is something to do.
    pub(crate) async fn ready(&self) {
        self.ready.notified().await;
    }

    /// Waits until the connection ends in a hurry or for good.
    pub(crate) async fn ending(&self) {
        self.ending.notified().await;
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.lock().end.is_some()
    }

    /// Waits until a large answer has room. Reads wait here, so asking for much never cuts the asker off.
    pub(crate) async fn room(&self) {
        loop {
            {
                let queue = self.lock();
                if queue.end.is_some() || queue.bytes <= self.bytes / 4 {
                    return;
                }
            }
            self.room.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(size: usize) -> Bytes {
        vec![1; size].into()
    }

    fn push(outgoing: &Outgoing, size: usize) {
        outgoing.push(frame(size), || frame(3));
    }

    #[test]
    fn over_the_bound_nothing_is_kept_but_the_last_word() {
        for (frames, bytes) in [(3, 1_000), (1_000, 30)] {
            let outgoing = Outgoing::new(frames, bytes);
            for _ in 0..3 {
                push(&outgoing, 10);
            }
            assert!(!outgoing.has_ended());
            push(&outgoing, 10);
            assert!(outgoing.has_ended());
            push(&outgoing, 1);
            let Next::End(end) = outgoing.next() else { panic!("frames were kept") };
            assert_eq!(end.last.map(|last| last.len()), Some(3));
        }
    }

    #[test]
    fn an_orderly_end_comes_after_what_waits_and_the_first_end_stands() {
        let outgoing = Outgoing::new(9, 900);
        push(&outgoing, 10);
        outgoing.end(End { last: Some(frame(1)), orderly: true });
        outgoing.end(End { last: None, orderly: false });
        push(&outgoing, 10);
        assert!(matches!(outgoing.next(), Next::Frame(frame) if frame.len() == 10));
        let Next::End(end) = outgoing.next() else { panic!("there is more") };
        assert_eq!(end.last.map(|last| last.len()), Some(1));
    }

    #[tokio::test]
    async fn room_is_waited_for_until_most_is_written() {
        let outgoing = Outgoing::new(9, 400);
        push(&outgoing, 150);
        push(&outgoing, 100);
        let mut waiting = std::pin::pin!(outgoing.room());
        assert!(futures_util::poll!(&mut waiting).is_pending());
        outgoing.next();
        waiting.await;
    }
}
