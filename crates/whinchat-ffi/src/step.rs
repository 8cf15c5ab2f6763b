//! The second step of a call that was begun.

use std::future::Future;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

/// Runs when it is waited for; any number of callers may wait, one after the other or together, and one who gives up takes
/// nothing from the others.
#[derive(Clone)]
pub(crate) struct Step<T: Clone>(Shared<BoxFuture<'static, T>>);

impl<T: Clone> Step<T> {
    pub(crate) fn new(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self(future.boxed().shared())
    }

    pub(crate) async fn ended(&self) -> T {
        self.0.clone().await
    }
}
