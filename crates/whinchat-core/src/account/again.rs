//! When reads that were not answered are asked again, as the class of the refusal says. No I/O and no clock in here.

use std::time::Duration;

use crate::error::{Error, ErrorClass};
use crate::outbox::wait;
use crate::platform::Instant;
use crate::sync::{Request, Schedule};

/// After something could not be stored: no sooner than this again.
const RETRY: Duration = Duration::from_secs(1);

/// What is asked again, and when. Of this connection: the next one begins with what the store says is missing.
#[derive(Default)]
pub(super) struct Again {
    reads: Vec<(Instant, Request)>,
    /// Something could not be stored: look through the store for what is missing.
    resync_at: Option<Instant>,
    /// Reads that were refused in a row.
    refusals: u32,
}

impl Again {
    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.reads.is_empty() && self.resync_at.is_none()
    }

    /// When the first of it is due.
    pub(super) fn at(&self) -> Option<Instant> {
        self.reads.iter().map(|(at, _)| *at).chain(self.resync_at).min()
    }

    /// A read was answered.
    pub(super) fn answered(&mut self) {
        self.refusals = 0;
    }

    /// A read was refused. True: for good, and it is given up. What it was to bring is still missing in the store, so it is
    /// asked for when something new asks for it, and on the next connection.
    pub(super) fn refused(
        &mut self,
        schedule: &mut Schedule,
        request: Request,
        error: &Error,
        now: Instant,
        random: u64,
    ) -> bool {
        if error.class == ErrorClass::Final {
            schedule.give_up(&request);
            return true;
        }
        schedule.put_off(&request);
        self.reads.push((now + wait(error.class, self.refusals, random), request));
        self.refusals = self.refusals.saturating_add(1);
        false
    }

    /// An answer could not be stored here.
    pub(super) fn not_stored(&mut self, schedule: &mut Schedule, request: Request, now: Instant) {
        schedule.put_off(&request);
        self.reads.push((now + RETRY, request));
    }

    /// Something that the server said by itself could not be stored.
    pub(super) fn resync(&mut self, now: Instant) {
        self.resync_at = Some(now + RETRY);
    }

    /// Hands the schedule what is due. True: the store is to be looked through as well.
    pub(super) fn due(&mut self, schedule: &mut Schedule, now: Instant) -> bool {
        for (_, request) in self.reads.extract_if(.., |(at, _)| *at <= now) {
            schedule.again(request);
        }
        self.resync_at.take_if(|at| *at <= now).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::sync::{ChangeGap, Outcome, Position};

    fn schedule() -> Schedule {
        let mut schedule = Schedule::default();
        schedule.up();
        schedule
    }

    fn with_gap() -> Position {
        let gap = ChangeGap { from: 2, below: 9, snapshot: false };
        Position { epoch: 1, top: 20, gaps: vec![gap], whole: 2, ..Position::default() }
    }

    fn hole() -> Outcome {
        Outcome { hole: true, ..Outcome::default() }
    }

    fn only(mut requests: Vec<Request>) -> Request {
        assert_eq!(requests.len(), 1);
        requests.remove(0)
    }

    #[test]
    fn a_read_that_is_refused_for_a_time_waits_as_long_as_the_refusal_says() {
        let (mut schedule, mut again, now) = (schedule(), Again::default(), Instant::now());
        let position = with_gap();
        let request = only(schedule.next(&position));
        let busy = Error { class: ErrorClass::After(5_000), ..ErrorCode::TooManyRequests.into() };
        assert!(!again.refused(&mut schedule, request.clone(), &busy, now, 7));
        // Whatever is pushed meanwhile.
        schedule.note(&hole());
        assert!(schedule.next(&position).is_empty());
        assert_eq!(again.at(), Some(now + Duration::from_secs(5)));
        again.due(&mut schedule, now + Duration::from_millis(4_999));
        assert!(schedule.next(&position).is_empty());
        again.due(&mut schedule, now + Duration::from_secs(5));
        // What was pushed has its turn first.
        let new = only(schedule.next(&position));
        schedule.done(&new);
        assert_eq!(only(schedule.next(&position)), request);
        assert!(again.is_empty());
    }

    #[test]
    fn a_read_that_is_refused_for_good_is_not_asked_again_before_something_new_asks_for_it() {
        for position in [with_gap(), Position { epoch: 1, top: 20, ..Position::default() }] {
            let (mut schedule, mut again, now) = (schedule(), Again::default(), Instant::now());
            schedule.note(&hole());
            let request = only(schedule.next(&position));
            assert!(again.refused(&mut schedule, request.clone(), &ErrorCode::BadParameter.into(), now, 7));
            assert!(again.is_empty());
            assert!(schedule.next(&position).is_empty());
            schedule.note(&hole());
            assert_eq!(schedule.next(&position).len(), 1);
            schedule.up();
            schedule.note(&hole());
            assert_eq!(only(schedule.next(&position)), request);
        }
    }

    #[test]
    fn refusals_in_a_row_are_asked_again_ever_more_slowly() {
        let (mut schedule, mut again, mut now) = (schedule(), Again::default(), Instant::now());
        let position = with_gap();
        let mut waits = Vec::new();
        for _ in 0..12 {
            let request = only(schedule.next(&position));
            let error = Error { class: ErrorClass::RetryNow, ..ErrorCode::TooManyRequests.into() };
            again.refused(&mut schedule, request, &error, now, 7);
            let at = again.at().unwrap();
            waits.push(at - now);
            now = at;
            again.due(&mut schedule, now);
        }
        assert!(waits[0] < Duration::from_secs(1) && waits[11] >= Duration::from_secs(30), "{waits:?}");
        assert!(waits[11] <= Duration::from_secs(60));
        again.answered();
        let error = Error { class: ErrorClass::RetryNow, ..ErrorCode::TooManyRequests.into() };
        again.refused(&mut schedule, Request::LookUp(Vec::new()), &error, now, 7);
        assert!(again.at().unwrap() - now < Duration::from_secs(1));
    }
}
