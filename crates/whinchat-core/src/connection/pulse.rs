//! How often a quiet connection is asked whether it lives, and what was learned about that. Pure.
//!
//! In the foreground the server's interval counts. In the background each ping wakes the radio, and the only thing it is good
//! for is that some router between here and the server forgets a connection that was silent for too long; nobody says after
//! how long. So the interval grows while pings are answered, and where one was not it steps back and stays.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::beats::{Beats, HeartbeatStream};

/// The first interval in the background.
const FIRST: Duration = Duration::from_secs(210);
/// How much longer the next one is.
const STEP: Duration = Duration::from_secs(65);
/// The longest.
pub(crate) const LONGEST: Duration = Duration::from_secs(600);
/// A silence this much shorter than the interval has proven it all the same.
const SLACK: Duration = Duration::from_secs(5);

/// What is known about the network that the device is on. It outlives connections.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    learned: Mutex<Learned>,
    beats: Beats,
}

#[derive(Debug)]
struct Learned {
    background: bool,
    interval: Duration,
    ceiling: Duration,
}

impl Default for Learned {
    fn default() -> Self {
        Self { background: false, interval: FIRST, ceiling: LONGEST }
    }
}

impl Learned {
    fn longer(&self) -> Duration {
        (self.interval + STEP).min(self.ceiling)
    }

    fn proven_by(&self, silence: Duration) -> bool {
        silence + SLACK >= self.interval
    }
}

impl Pulse {
    fn learned(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every ping and its answer from now on.
    pub(crate) fn follow(&self) -> HeartbeatStream {
        self.beats.follow()
    }

    /// A ping goes out.
    pub(crate) fn asked(&self) {
        self.beats.asked();
    }

    /// It was answered.
    pub(crate) fn answered(&self) {
        self.beats.answered();
    }

    /// Whether nobody looks at the app.
    pub(crate) fn is_background(&self) -> bool {
        self.learned().background
    }

    /// The app went to the background or came back. Gives whether that is news.
    pub(crate) fn set_background(&self, background: bool) -> bool {
        std::mem::replace(&mut self.learned().background, background) != background
    }

    /// How long the connection may be silent: `demanded` by the server in the foreground; it bears up to `longest`.
    pub(crate) fn interval(&self, demanded: Duration, longest: Duration) -> Duration {
        let learned = self.learned();
        if learned.background { learned.interval.min(longest).max(demanded) } else { demanded }
    }

    /// The interval that will count once a ping after `silence` is answered.
    pub(crate) fn promise(&self, silence: Duration, demanded: Duration, longest: Duration) -> Duration {
        let learned = self.learned();
        let next = if learned.proven_by(silence) { learned.longer() } else { learned.interval };
        next.min(longest).max(demanded)
    }

    /// A ping after this silence was answered.
    pub(crate) fn survived(&self, silence: Duration) {
        let mut learned = self.learned();
        if learned.background && learned.proven_by(silence) {
            learned.interval = learned.longer();
        }
    }

    /// A ping after this silence was not answered.
    pub(crate) fn died(&self, silence: Duration) {
        let mut learned = self.learned();
        // A shorter silence says nothing about the interval: the network itself was gone.
        if learned.background && learned.proven_by(silence) {
            learned.ceiling = learned.interval.saturating_sub(STEP).max(STEP);
            learned.interval = learned.ceiling;
        }
    }

    /// The device may be on another network, of which nothing is known.
    pub(crate) fn forget(&self) {
        let mut learned = self.learned();
        *learned = Learned { background: learned.background, ..Learned::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMANDED: Duration = Duration::from_secs(27);

    fn interval(pulse: &Pulse) -> u64 {
        pulse.interval(DEMANDED, LONGEST).as_secs()
    }

    fn background() -> Pulse {
        let pulse = Pulse::default();
        assert!(pulse.set_background(true));
        pulse
    }

    #[test]
    fn in_the_foreground_the_server_decides() {
        let pulse = Pulse::default();
        assert_eq!(interval(&pulse), 27);
        assert!(!pulse.set_background(false));
        pulse.survived(Duration::from_secs(1_000));
        pulse.set_background(true);
        assert_eq!(interval(&pulse), 210);
        pulse.set_background(false);
        assert_eq!(interval(&pulse), 27);
    }

    #[test]
    fn in_the_background_it_grows_up_to_ten_minutes() {
        let pulse = background();
        let mut seen = Vec::new();
        for _ in 0..9 {
            let now = pulse.interval(DEMANDED, LONGEST);
            seen.push(now.as_secs());
            let promised = pulse.promise(now, DEMANDED, LONGEST);
            pulse.survived(now);
            assert_eq!(pulse.interval(DEMANDED, LONGEST), promised, "what was promised is kept");
        }
        assert_eq!(seen, [210, 275, 340, 405, 470, 535, 600, 600, 600]);
    }

    #[test]
    fn a_silent_death_steps_back_and_is_remembered_until_the_network_changes() {
        let pulse = background();
        for _ in 0..3 {
            pulse.survived(pulse.interval(DEMANDED, LONGEST));
        }
        assert_eq!(interval(&pulse), 405);
        pulse.died(Duration::from_secs(405));
        for _ in 0..3 {
            assert_eq!(interval(&pulse), 340);
            pulse.survived(Duration::from_secs(340));
        }
        pulse.forget();
        assert_eq!(interval(&pulse), 210);
        pulse.survived(Duration::from_secs(210));
        assert_eq!(interval(&pulse), 275);
        assert!(pulse.is_background());
    }

    #[test]
    fn deaths_and_answers_after_a_short_silence_teach_nothing() {
        let pulse = background();
        pulse.died(Duration::from_secs(3));
        pulse.survived(Duration::from_secs(100));
        assert_eq!(interval(&pulse), 210);
        assert_eq!(pulse.promise(Duration::from_secs(100), DEMANDED, LONGEST).as_secs(), 210);
    }

    #[test]
    fn it_never_asks_more_often_than_demanded_nor_trusts_a_server_beyond_what_it_bears() {
        let pulse = background();
        for _ in 0..20 {
            pulse.died(Duration::from_secs(600));
        }
        assert!(interval(&pulse) >= 27);
        pulse.forget();
        // An old server bears nothing longer than it demands.
        assert_eq!(pulse.interval(DEMANDED, Duration::ZERO), DEMANDED);
        assert_eq!(pulse.promise(Duration::from_secs(210), DEMANDED, Duration::ZERO), DEMANDED);
    }
}
