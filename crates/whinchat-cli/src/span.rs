//! Lengths of time as people write and read them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A length of time such as `180d` or `12h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(Duration);

/// Units, the largest first: sign, seconds, name.
const UNITS: [(&str, u64, &str); 5] = [
    ("w", 7 * 24 * 3_600, "week"),
    ("d", 24 * 3_600, "day"),
    ("h", 3_600, "hour"),
    ("m", 60, "minute"),
    ("s", 1, "second"),
];

impl Span {
    /// It as a duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        self.0
    }

    /// It in whole seconds, as far as they can be counted with a sign.
    #[must_use]
    pub fn seconds(self) -> i64 {
        i64::try_from(self.0.as_secs()).unwrap_or(i64::MAX)
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write a number with s, m, h, d or w behind it, such as 180d or 12h".to_owned();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits).ok_or_else(wrong)?;
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let (_, seconds, _) = UNITS.iter().find(|(sign, _, _)| *sign == unit).ok_or_else(wrong)?;
        // A UserSig counts in signed 64-bit seconds since the epoch; a thousand years fit anywhere.
        let seconds = number.checked_mul(*seconds).filter(|s| *s <= 1_000 * 366 * 24 * 3_600);
        seconds
            .map(|s| Self(Duration::from_secs(s)))
            .ok_or_else(|| "that is more than a thousand years".to_owned())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&roughly(self.0.as_secs()))
    }
}

/// Seconds in words, to the largest unit that leaves a useful number: `90 minutes`, `179 days`.
#[must_use]
pub fn roughly(seconds: u64) -> String {
    let fitting = UNITS.iter().filter(|(sign, _, _)| *sign != "w").find(|(_, unit, _)| seconds >= 2 * unit);
    let (_, unit, name) = fitting.or(UNITS.last()).copied().unwrap_or(("s", 1, "second"));
    let count = seconds / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        assert_eq!("180d".parse::<Span>().unwrap().seconds(), 180 * 86_400);
        assert_eq!("90s".parse::<Span>().unwrap().duration(), Duration::from_secs(90));
        for wrong in ["", "d", "10", "10x", "-1d", "1.5h", "99999999999999999999d", "9999999999w", "5日"] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn seconds_are_told_in_words() {
        assert_eq!(roughly(0), "0 seconds");
        assert_eq!(roughly(1), "1 second");
        assert_eq!(roughly(90 * 60), "90 minutes");
        assert_eq!(roughly(180 * 86_400 - 1), "179 days");
    }
}
