//! When to ping, and when a silent connection is dead. Pure: the time is given.

use std::sync::Arc;
use std::time::Duration;

use super::pulse::Pulse;
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
    /// Send this ping.
    Ping(Ping),
    /// The connection is dead.
    Dead,
    /// Nothing before this instant.
    Wait(Instant),
}

/// A ping to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ping {
    /// Comes back in the pong.
    pub(crate) nonce: u64,
    /// How long the client may be silent after it, in milliseconds; 0 for what the server demands.
    pub(crate) next_ms: u32,
}

/// A ping on its way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    nonce: u64,
    since: Instant,
    /// How long the connection had been silent.
    silence: Duration,
}

/// Watches one connection.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    every: Duration,
    /// The server bears silences up to this if they are announced.
    longest: Duration,
    pulse: Arc<Pulse>,
    /// The server was told that this client is in the background.
    announced: bool,
    patience: Duration,
    sent: Instant,
    heard: Instant,
    ping: Option<Asked>,
    nonce: u64,
    reading: bool,
}

impl Heartbeat {
    /// `every_ms` is what the server asks for, `longest_ms` what it bears if that is announced, `patience` how long an
    /// answer may take.
    pub(crate) fn new(
        every_ms: u32,
        longest_ms: u32,
        patience: Duration,
        pulse: Arc<Pulse>,
        now: Instant,
    ) -> Self {
        let every = match every_ms {
            0 => DEFAULT_EVERY,
            // A little early, so that the ping arrives in time.
            ms => Duration::from_millis((ms - ms / 10).into()).max(SHORTEST_EVERY),
        };
        let patience = patience.min(LONGEST_PATIENCE);
        Self {
            every,
            longest: Duration::from_millis(longest_ms.into()),
            pulse,
            announced: false,
            patience,
            sent: now,
            heard: now,
            ping: None,
            nonce: 0,
            reading: true,
        }
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
        let asked = self.ping.take_if(|asked| asked.nonce == nonce)?;
        self.pulse.answered();
        self.pulse.survived(asked.silence);
        Some(now.saturating_duration_since(asked.since))
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
    pub(crate) fn probe(&mut self, now: Instant) -> Option<Ping> {
        if self.ping.is_some() {
            return None;
        }
        self.nonce += 1;
        self.pulse.asked();
        let silence = now.saturating_duration_since(self.sent.max(self.heard));
        self.ping = Some(Asked { nonce: self.nonce, since: now, silence });
        self.sent = now;
        self.announced = self.pulse.is_background();
        let next = self.pulse.promise(silence, self.every, self.longest);
        let next_ms = if self.announced { u32::try_from(next.as_millis()).unwrap_or(u32::MAX) } else { 0 };
        Some(Ping { nonce: self.nonce, next_ms })
    }

    /// Judges the connection. `oldest` is since when the oldest request waits for its answer.
    ///
    /// An overdue answer counts against the connection only while nothing at all is heard: on a slow network the answer
    /// may stand behind much else, and a cut would begin all of it again. [`STUCK_FACTOR`] bounds that.
    pub(crate) fn judge(&mut self, now: Instant, oldest: Option<Instant>) -> Verdict {
        let waiting_since = [oldest, self.ping.map(|asked| asked.since)].into_iter().flatten().min();
        let deadline = waiting_since.map(|since| {
            let stuck = since + self.patience * STUCK_FACTOR;
            if self.reading { stuck.min(since.max(self.heard) + self.patience) } else { stuck }
        });
        if deadline.is_some_and(|deadline| deadline <= now) {
            if let Some(asked) = self.ping.filter(|asked| self.heard <= asked.since) {
                self.pulse.died(asked.silence);
            }
            return Verdict::Dead;
        }
        // Going to the background or back is told at once: the server's patience depends on it.
        let told = self.announced == self.pulse.is_background();
        let next_ping = if told { self.sent + self.pulse.interval(self.every, self.longest) } else { now };
        if next_ping <= now
            && let Some(ping) = self.probe(now)
        {
            return Verdict::Ping(ping);
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
        (heartbeat(MINUTE, now, &Arc::default()), now)
    }

    fn heartbeat(every_ms: u32, now: Instant, pulse: &Arc<Pulse>) -> Heartbeat {
        Heartbeat::new(every_ms, 600_000, PATIENCE, pulse.clone(), now)
    }

    fn ping(nonce: u64) -> Verdict {
        Verdict::Ping(Ping { nonce, next_ms: 0 })
    }

    #[test]
    fn pings_only_when_nothing_was_sent_for_the_interval() {
        let (mut heart, t) = start();
        assert_eq!(heart.judge(t, None), Verdict::Wait(t + s(60)));
        heart.sent(t + s(50));
        assert_eq!(heart.judge(t + s(60), None), Verdict::Wait(t + s(110)));
        assert_eq!(heart.judge(t + s(110), None), ping(1));
        assert_eq!(heart.judge(t + s(110), None), Verdict::Wait(t + s(120)));
        assert_eq!(heart.pong(1, t + s(111)), Some(s(1)));
        assert_eq!(heart.judge(t + s(111), None), Verdict::Wait(t + s(170)));
    }

    #[test]
    fn a_missing_pong_is_death() {
        let (mut heart, t) = start();
        assert_eq!(heart.judge(t + s(60), None), ping(1));
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
        assert_eq!(heart.probe(t), Some(Ping { nonce: 1, next_ms: 0 }));
        assert_eq!(heart.probe(t), None);
        assert_eq!(heart.judge(t, None), Verdict::Wait(t + s(10)));
    }

    #[test]
    fn odd_intervals_are_put_right() {
        let now = Instant::now();
        let pulse = Arc::default();
        assert_eq!(heartbeat(0, now, &pulse).judge(now, None), Verdict::Wait(now + DEFAULT_EVERY));
        assert_eq!(heartbeat(1, now, &pulse).judge(now, None), Verdict::Wait(now + SHORTEST_EVERY));
    }

    /// A connection in the background whose pings are answered at once; gives when they came and what they promised.
    fn answered_pings(heart: &mut Heartbeat, from: Instant, count: u64) -> Vec<(u64, u32)> {
        let (mut now, mut seen) = (from, Vec::new());
        while u64::try_from(seen.len()).unwrap() < count {
            match heart.judge(now, None) {
                Verdict::Wait(until) => now = until,
                Verdict::Ping(ping) => {
                    seen.push(((now - from).as_secs(), ping.next_ms / 1_000));
                    heart.sent(now);
                    heart.heard(now);
                    assert!(heart.pong(ping.nonce, now).is_some());
                }
                Verdict::Dead => panic!("dead"),
            }
        }
        seen
    }

    #[test]
    fn in_the_background_it_announces_its_silence_at_once_and_keeps_to_it() {
        let now = Instant::now();
        let pulse = Arc::new(Pulse::default());
        let mut heart = heartbeat(30_000, now, &pulse);
        pulse.set_background(true);
        let seen = answered_pings(&mut heart, now, 4);
        assert_eq!(seen, [(0, 210), (210, 275), (485, 340), (825, 405)]);
        // Back in the foreground this is told at once, and the server's interval counts.
        pulse.set_background(false);
        let seen = answered_pings(&mut heart, now + s(900), 3);
        assert_eq!(seen, [(0, 0), (27, 0), (54, 0)]);
    }

    #[test]
    fn traffic_stands_for_pings() {
        let now = Instant::now();
        let pulse = Arc::new(Pulse::default());
        pulse.set_background(true);
        let mut heart = heartbeat(30_000, now, &pulse);
        answered_pings(&mut heart, now, 1);
        heart.sent(now + s(200));
        assert_eq!(heart.judge(now + s(209), None), Verdict::Wait(now + s(410)));
    }

    #[test]
    fn a_connection_that_died_in_a_long_silence_teaches_the_next_one() {
        let now = Instant::now();
        let pulse = Arc::new(Pulse::default());
        pulse.set_background(true);
        let mut heart = heartbeat(30_000, now, &pulse);
        answered_pings(&mut heart, now, 2);
        let asked = now + s(485);
        assert!(matches!(heart.judge(asked, None), Verdict::Ping(_)));
        assert_eq!(heart.judge(asked + PATIENCE, None), Verdict::Dead);
        let again = asked + s(20);
        let mut heart = heartbeat(30_000, again, &pulse);
        assert_eq!(answered_pings(&mut heart, again, 4), [(0, 210), (210, 210), (420, 210), (630, 210)]);
    }
}
