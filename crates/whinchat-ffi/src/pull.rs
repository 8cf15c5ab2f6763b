//! What is pulled across the border, one answer after the other, none lost and none told twice.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use tokio::sync::{Mutex, watch};
use whinchat_core::{Error, ErrorCode, Result};

/// Where answers come from.
pub(crate) trait Source: Send + 'static {
    /// One answer.
    type Item: Clone + Send + Sync + 'static;

    /// Waits for the next answer, `max` things at most where it has several; nothing at the end. Dropping the future loses
    /// nothing.
    fn pull(&mut self, max: usize) -> impl Future<Output = Option<Self::Item>> + Send;
}

struct State<S: Source> {
    /// None once it has ended.
    source: Option<S>,
    /// How many answers were given.
    number: u64,
    /// The last of them. It may not have arrived: a coroutine that is cancelled at the moment at which it would go on takes
    /// with it what it was about to get. Kept until the other side says that it has it.
    given: Option<S::Item>,
}

/// A source with its answers numbered. Cheap to clone.
pub(crate) struct Pull<S: Source> {
    state: Arc<Mutex<State<S>>>,
    stopped: watch::Sender<bool>,
}

impl<S: Source> Clone for Pull<S> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), stopped: self.stopped.clone() }
    }
}

impl<S: Source> Pull<S> {
    pub(crate) fn new(source: S) -> Self {
        let state = State { source: Some(source), number: 0, given: None };
        Self { state: Arc::new(Mutex::new(state)), stopped: watch::Sender::new(false) }
    }

    /// The answer after the one with the number `taken`, 0 at first, and its own number. One that was given before and never
    /// taken is given again. Nothing at the end, or once it was stopped.
    ///
    /// # Errors
    ///
    /// 6017 `taken` is neither the last number nor the one before.
    pub(crate) async fn next(self, taken: u64, max: usize) -> Result<Option<(u64, S::Item)>> {
        let mut stopping = self.stopped.subscribe();
        // Stopped is looked at first.
        let stopped = pin!(stopping.wait_for(|stopped| *stopped));
        match select(stopped, pin!(self.answer(taken, max))).await {
            Either::Left(_) => {}
            Either::Right((answer, _)) => return answer,
        }
        self.state.lock().await.end();
        Ok(None)
    }

    async fn answer(&self, taken: u64, max: usize) -> Result<Option<(u64, S::Item)>> {
        let mut locked = self.state.lock().await;
        let state = &mut *locked;
        let Some(source) = state.source.as_mut() else { return Ok(None) };
        if taken == state.number {
            let Some(item) = source.pull(max).await else {
                state.end();
                return Ok(None);
            };
            state.number += 1;
            state.given = Some(item);
        } else if taken.checked_add(1) != Some(state.number) {
            let message = format!("the last number was {}, not {taken}: one caller at a time", state.number);
            return Err(Error::new(ErrorCode::BadParameter, message));
        }
        let number = state.number;
        Ok(state.given.clone().map(|item| (number, item)))
    }

    /// Ends it: who waits for an answer gets nothing, at once.
    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
        // Whoever waits ends it himself.
        if let Ok(mut state) = self.state.try_lock() {
            state.end();
        }
    }
}

impl<S: Source> State<S> {
    fn end(&mut self) {
        (self.source, self.given) = (None, None);
    }
}

impl<S: Source> std::fmt::Debug for Pull<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pull").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    struct Counting(u32);

    impl Source for Counting {
        type Item = u32;
        async fn pull(&mut self, _max: usize) -> Option<u32> {
            match self.0 {
                3 => None,
                4 => std::future::pending().await,
                _ => {
                    self.0 += 1;
                    Some(self.0)
                }
            }
        }
    }

    fn next(pull: &Pull<Counting>, taken: u64) -> Result<Option<(u64, u32)>> {
        pull.clone().next(taken, 1).now_or_never().unwrap()
    }

    #[test]
    fn an_answer_that_did_not_arrive_is_given_again() {
        let pull = Pull::new(Counting(0));
        assert_eq!(next(&pull, 0).unwrap(), Some((1, 1)));
        assert_eq!(next(&pull, 0).unwrap(), Some((1, 1)), "it was lost on the way");
        assert_eq!(next(&pull, 1).unwrap(), Some((2, 2)));
        assert_eq!(next(&pull, 1).unwrap(), Some((2, 2)));
        for wrong in [0, 3, u64::MAX] {
            assert_eq!(next(&pull, wrong).unwrap_err().code, 6017, "{wrong}");
        }
        assert_eq!(next(&pull, 2).unwrap(), Some((3, 3)));
        assert_eq!(next(&pull, 3).unwrap(), None);
        assert_eq!(next(&pull, 2).unwrap(), None, "over is over");
    }

    #[tokio::test]
    async fn stopping_ends_who_waits_and_whoever_comes_later() {
        let pull = Pull::new(Counting(4));
        let waiting = tokio::spawn(pull.clone().next(0, 1));
        tokio::task::yield_now().await;
        pull.stop();
        assert_eq!(waiting.await.unwrap().unwrap(), None);
        assert_eq!(pull.clone().next(0, 1).await.unwrap(), None);
        assert!(pull.state.lock().await.source.is_none(), "the source was let go");
    }
}
