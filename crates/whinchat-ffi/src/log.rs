//! The client's log, for apps that keep one. Signatures, keys and message text are never logged, at any level.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::future::{Either, select};
use tokio::sync::Notify;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::call::{self, Result};
use crate::cancel::CancelToken;
use crate::live::{Counted, Kind};

/// Lines that wait at most; with more, the oldest go.
const WAITING: usize = 1_024;
/// What lines of ours come from.
const OURS: &str = "whinchat";

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum LogLevel {
    /// Something went wrong that the client does not put right by itself.
    Error,
    /// Something went wrong; the client goes on.
    Warning,
    /// What the client does.
    Info,
    /// How it does it: for who looks for a fault.
    Debug,
}

impl LogLevel {
    fn of(level: Level) -> Option<Self> {
        match level {
            Level::ERROR => Some(Self::Error),
            Level::WARN => Some(Self::Warning),
            Level::INFO => Some(Self::Info),
            Level::DEBUG => Some(Self::Debug),
            _ => None,
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// When, in milliseconds since the epoch.
    pub time_ms: i64,
    /// Where it comes from, such as `whinchat_core::connection`.
    pub target: String,
    /// What there is to say.
    pub text: String,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<LogLine>,
    left_out: u64,
    is_over: bool,
}

/// Lines between the client's threads and whoever takes them. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    state: Arc<Mutex<State>>,
    more: Arc<Notify>,
}

impl Log {
    /// Lets the calling thread log here, for as long as it lives.
    pub(crate) fn take_thread(&self, level: LogLevel) {
        let writer = Writer { level, log: self.clone() };
        std::mem::forget(tracing::dispatcher::set_default(&tracing::Dispatch::new(writer)));
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, line: LogLine) {
        self.with(|state| {
            if state.is_over {
                return;
            }
            if state.lines.len() == WAITING {
                state.lines.pop_front();
                state.left_out += 1;
            }
            state.lines.push_back(line);
        });
        self.more.notify_one();
    }

    /// What waits, or nothing once it is over.
    async fn next(&self) -> Option<Vec<LogLine>> {
        loop {
            let taken = self.with(|state| {
                let left_out = std::mem::take(&mut state.left_out);
                let mut lines = Vec::with_capacity(state.lines.len() + 1);
                if left_out > 0 {
                    let text = format!("{left_out} lines before this one came too fast and were left out");
                    let target = format!("{OURS}_ffi::log");
                    lines.push(LogLine { level: LogLevel::Warning, time_ms: now_ms(), target, text });
                }
                lines.extend(state.lines.drain(..));
                match (lines.is_empty(), state.is_over) {
                    (false, _) => Some(Some(lines)),
                    (true, true) => Some(None),
                    (true, false) => None,
                }
            });
            match taken {
                Some(lines) => return lines,
                None => self.more.notified().await,
            }
        }
    }

    /// No line comes any more.
    pub(crate) fn stop(&self) {
        self.with(|state| state.is_over = true);
        self.more.notify_one();
    }
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Makes lines of what a thread reports.
struct Writer {
    level: LogLevel,
    log: Log,
}

impl Subscriber for Writer {
    fn enabled(&self, meta: &Metadata<'_>) -> bool {
        // Other crates promise nothing about what they leave out.
        meta.is_event()
            && meta.target().starts_with(OURS)
            && LogLevel::of(*meta.level()).is_some_and(|level| level <= self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let meta = event.metadata();
        let Some(level) = LogLevel::of(*meta.level()) else { return };
        let mut text = Text::default();
        event.record(&mut text);
        let text = text.whole();
        self.log.push(LogLine { level, time_ms: now_ms(), target: meta.target().to_owned(), text });
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        // No span is enabled.
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The message, then `name=value` of what else there is.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Text {
    fn whole(mut self) -> String {
        self.message.push_str(&self.fields);
        self.message
    }
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a text does not fail.
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }
}

/// The log of a client that was made with a level. Nobody is called: the app comes for the lines, and when it comes late the oldest
/// of more than 1,024 are left out, which a line then says.
#[derive(Debug, uniffi::Object)]
pub struct LogSubscription {
    log: Log,
    _counted: Counted,
}

impl LogSubscription {
    pub(crate) fn new(log: Log) -> Arc<Self> {
        Arc::new(Self { log, _counted: Counted::new(Kind::Subscription) })
    }
}

#[uniffi::export]
impl LogSubscription {
    /// Waits for lines and gives all that are there; none when the client is gone and its last lines were given. Lines that
    /// a given-up wait was about to give are lost. One caller at a time.
    pub async fn next(&self, cancel: Option<Arc<CancelToken>>) -> Result<Option<Vec<LogLine>>> {
        // Not on the client's threads, which it outlives.
        let Some(token) = cancel else { return Ok(self.log.next().await) };
        match select(pin!(self.log.next()), pin!(token.cancelled())).await {
            Either::Left((lines, _)) => Ok(lines),
            Either::Right(_) => Err(call::cancelled()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn written(level: LogLevel, work: impl FnOnce() + Send) -> Vec<LogLine> {
        let log = Log::default();
        let writer = Writer { level, log: log.clone() };
        tracing::dispatcher::with_default(&tracing::Dispatch::new(writer), work);
        log.stop();
        log.next().now_or_never().unwrap().unwrap_or_default()
    }

    #[test]
    fn a_line_has_its_level_its_origin_and_all_that_was_said() {
        let lines = written(LogLevel::Info, || {
            tracing::warn!(code = 6019, name = "store", why = %"a reason", "it went wrong");
            tracing::debug!("below the level");
            tracing::error!(target: "hyper", "of somebody else");
        });
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!((line.level, line.target.as_str()), (LogLevel::Warning, "whinchat_ffi::log::tests"));
        assert_eq!(line.text, "it went wrong code=6019 name=store why=a reason");
        assert!(line.time_ms > 1_600_000_000_000);
    }

    #[test]
    fn who_comes_late_gets_the_newest_lines_and_is_told_how_many_he_missed() {
        let lines = written(LogLevel::Debug, || {
            for n in 0..WAITING + 7 {
                tracing::debug!("line {n}");
            }
        });
        assert_eq!(lines.len(), WAITING + 1);
        assert_eq!(lines[0].text, "7 lines before this one came too fast and were left out");
        assert_eq!(lines[1].text, "line 7");
    }

    #[test]
    fn after_the_end_comes_what_was_there_and_then_nothing() {
        let log = Log::default();
        let line =
            |n: i64| LogLine { level: LogLevel::Info, time_ms: n, target: OURS.into(), text: "a".into() };
        assert!(log.next().now_or_never().is_none(), "it waits");
        log.push(line(1));
        log.stop();
        log.push(line(2));
        assert_eq!(log.next().now_or_never(), Some(Some(vec![line(1)])));
        assert_eq!(log.next().now_or_never(), Some(None));
    }
}
