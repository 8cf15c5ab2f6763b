//! One device or node: a runtime whose time goes on only while it is told to run.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::clock;

/// See the module. Dropping it ends everything in it between two steps, as a kill does.
#[derive(Debug)]
pub struct Actor {
    runtime: Runtime,
    /// How far its wall clock is off, in milliseconds.
    pub skew_ms: i64,
}

impl Actor {
    /// An actor with nothing to do.
    ///
    /// # Panics
    ///
    /// When the runtime cannot be built.
    #[must_use]
    pub fn new(skew_ms: i64) -> Self {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        Self { runtime: runtime.expect("a runtime without threads"), skew_ms }
    }

    /// Lets it run for so long, by its own clock; `now_ms` is the world's wall clock.
    pub fn run(&self, now_ms: i64, time: Duration) {
        clock::set_wall_ms(now_ms + self.skew_ms);
        // A paused clock goes on to the next timer when nothing else is left to do.
        self.runtime.block_on(async { tokio::time::sleep(time).await });
    }

    /// Does something that waits for nobody else.
    pub fn now<T>(&self, now_ms: i64, work: impl Future<Output = T>) -> T {
        clock::set_wall_ms(now_ms + self.skew_ms);
        self.runtime.block_on(work)
    }

    /// Begins something that goes on while the actor runs.
    pub fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> tokio::task::JoinHandle<T> {
        self.runtime.spawn(work)
    }
}
