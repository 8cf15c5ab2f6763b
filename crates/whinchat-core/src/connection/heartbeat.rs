//! When to ping, and when a silent connection is dead. Pure: the time is given.

use std::time::Duration;

use crate::platform::Instant;

/// The interval of a server that names none.
const DEFAULT_EVERY: Duration = Duration::from_secs(60);
/// No server needs to hear more often, and a slip of its configuration must not make phones spin.
const SHORTEST_EVERY: Duration = Duration::from_millis(20);
/// Longer patience than this is no patience but a mistake, and would overflow.
const LONGEST_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);
/// An answer that is overdue by this factor ends the connection even though other frames arrive.
const STUCK_FACTOR: u32 = 4;

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send a ping with this nonce.
    Ping(u64),
    /// The connection is dead.
    Dead,
    /// Nothing before this instant.
    Wait(Instant),
}

/// Watches one connection.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    every: Duration,
    patience: Duration,
    sent: Instant,
    heard: Instant,
    ping: Option<(u64, Instant)>,
    nonce: u64,
    reading: bool,
}

impl Heartbeat {
    /// `every_ms` is what the server asks for, `patience` how long an answer may take.
    pub(crate) fn new(every_ms: u32, patience: Duration, now: Instant) -> Self {
        let every = match every_ms {
            0 => DEFAULT_EVERY,
            // A little early, so that the ping arrives in time.
            ms => Duration::from_millis((ms - ms / 10).into()).max(SHORTEST_EVERY),
        };
        let patience = patience.min(LONGEST_PATIENCE);
        Self { every, patience, sent: now, heard: now, ping: None, nonce: 0, reading: true }
    }

    /// Something was written to the socket.
    pub(crate) fn sent(&mut self, now: Instant) {
        self.sent = now;
    }

    /// Something came from the server.
    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// A pong came. Gives the round trip if it answers the last ping.
    pub(crate) fn pong(&mut self, nonce: u64, now: Instant) -> Option<Duration> {
        let (_, since) = self.ping.take_if(|(waited_for, _)| *waited_for == nonce)?;
        Some(now.saturating_duration_since(since))
    }

    /// The owner takes what arrives too slowly and the socket is not read for now: silence proves nothing.
    pub(crate) fn stop_reading(&mut self) {
        self.reading = false;
    }

    /// The socket is read again. What waits in it has yet to be looked at, so patience starts over.
    pub(crate) fn read_again(&mut self, now: Instant) {
        self.reading = true;
        self.heard = now;
    }

    /// Asks for a ping now, whatever the interval; nothing if one is on its way.
    pub(crate) fn probe(&mut self, now: Instant) -> Option<u64> {
        if self.ping.is_some() {
            return None;
        }
        self.nonce += 1;
        self.ping = Some((self.nonce, now));
        self.sent = now;
        Some(self.nonce)
    }

    /// Judges the connection. `oldest` is since when the oldest request waits for its answer.
    ///
    /// An overdue answer counts against the connection only while nothing at all is heard: on a slow network the answer
    /// may stand behind much else, and a cut would begin all of it again. [`STUCK_FACTOR`] bounds that.
    pub(crate) fn judge(&mut self, now: Instant, oldest: Option<Instant>) -> Verdict {
        let waiting_since = [oldest, self.ping.map(|(_, since)| since)].into_iter().flatten().min();
        let deadline = waiting_since.map(|since| {
            let stuck = since + self.patience * STUCK_FACTOR;
            if self.reading { stuck.min(since.max(self.heard) + self.patience) } else { stuck }
        });
        if deadline.is_some_and(|deadline| deadline <= now) {
            return Verdict::Dead;
        }
        let next_ping = self.sent + self.every;
        if next_ping <= now
            && let Some(nonce) = self.probe(now)
        {
            return Verdict::Ping(nonce);
        }
        let next_ping = if self.ping.is_some() { None } else { Some(next_ping) };
        Verdict::Wait([deadline, next_ping].into_iter().flatten().min().unwrap_or(now + self.patience))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a ping due after a minute.
    const MINUTE: u32 = 66_666;
    const PATIENCE: Duration = Duration::from_secs(10);

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn start() -> (Heartbeat, Instant) {
        let now = Instant::now();
        (Heartbeat::new(MINUTE, PATIENCE, now), now)
    }

    #[test]
    fn pings_only_when_nothing_was_sent_for_the_interval() {
        let (mut heart, t) = start();
        assert_eq!(heart.judge(t, None), Verdict::Wait(t + s(60)));
        heart.sent(t + s(50));
        assert_eq!(heart.judge(t + s(60), None), Verdict::Wait(t + s(110)));
        assert_eq!(heart.judge(t + s(110), None), Verdict::Ping(1));
        assert_eq!(heart.judge(t + s(110), None), Verdict::Wait(t + s(120)));
        assert_eq!(heart.pong(1, t + s(111)), Some(s(1)));
        assert_eq!(heart.judge(t + s(111), None), Verdict::Wait(t + s(170)));
    }

    #[test]
    fn a_missing_pong_is_death() {
        let (mut heart, t) = start();
        assert_eq!(heart.judge(t + s(60), None), Verdict::Ping(1));
        assert_eq!(heart.pong(7, t + s(61)), None);
        assert_eq!(heart.judge(t + s(69), None), Verdict::Wait(t + s(70)));
        assert_eq!(heart.judge(t + s(70), None), Verdict::Dead);
    }

    #[test]
    fn a_missing_answer_is_death_while_nothing_is_heard() {
        let (mut heart, t) = start();
        assert_eq!(heart.judge(t + s(9), Some(t)), Verdict::Wait(t + s(10)));
        heart.heard(t + s(9));
        assert_eq!(heart.judge(t + s(10), Some(t)), Verdict::Wait(t + s(19)));
        assert_eq!(heart.judge(t + s(19), Some(t)), Verdict::Dead);
    }

    #[test]
    fn an_answer_that_never_comes_is_death_in_the_end() {
        let (mut heart, t) = start();
        for second in 0..40 {
            heart.heard(t + s(second));
            assert_ne!(heart.judge(t + s(second), Some(t)), Verdict::Dead, "{second}");
        }
        assert_eq!(heart.judge(t + s(40), Some(t)), Verdict::Dead);
    }

    #[test]
    fn silence_proves_nothing_while_the_socket_is_not_read() {
        let (mut heart, t) = start();
        heart.stop_reading();
        assert_eq!(heart.judge(t + s(30), Some(t)), Verdict::Wait(t + s(40)));
        heart.read_again(t + s(30));
        assert_eq!(heart.judge(t + s(31), Some(t + s(20))), Verdict::Wait(t + s(40)));
        assert_eq!(heart.judge(t + s(40), Some(t + s(20))), Verdict::Dead);
    }

    #[test]
    fn a_probe_goes_out_at_once_and_once() {
        let (mut heart, t) = start();
        assert_eq!(heart.probe(t), Some(1));
        assert_eq!(heart.probe(t), None);
        assert_eq!(heart.judge(t, None), Verdict::Wait(t + s(10)));
    }

    #[test]
    fn odd_intervals_are_put_right() {
        let now = Instant::now();
        assert_eq!(Heartbeat::new(0, PATIENCE, now).judge(now, None), Verdict::Wait(now + DEFAULT_EVERY));
        assert_eq!(Heartbeat::new(1, PATIENCE, now).judge(now, None), Verdict::Wait(now + SHORTEST_EVERY));
    }
}
