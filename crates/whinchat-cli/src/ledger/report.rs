//! What the judge found.

use std::fmt;

/// How many findings are kept word for word; the counts go on.
const KEPT_FINDINGS: usize = 40;

/// What kind of wrong a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There twice.
    Doubled,
    /// Not there, or not what was sent.
    Lost,
    /// At another place.
    OutOfOrder,
    /// Another number than the full count.
    Unread,
}

/// The verdict. The one line it prints is the one that `whinchat demo` ends with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Messages that `send` accepted.
    pub sent: u64,
    /// Of these, how many were reported as stored by the server.
    pub acknowledged: u64,
    /// Pairs of a stored message and a device of another user that has it.
    pub delivered: u64,
    /// Found twice where once is right.
    pub doubled: u64,
    /// Promised and not there.
    pub lost: u64,
    /// Not at the place where it belongs.
    pub out_of_order: u64,
    /// Conversations whose unread count is not the full count.
    pub wrong_unread: u64,
    /// The first findings in words.
    pub findings: Vec<String>,
}

impl Report {
    /// Whether nothing was wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.doubled == 0 && self.lost == 0 && self.out_of_order == 0 && self.wrong_unread == 0
    }

    pub(crate) fn note(&mut self, wrong: Wrong, finding: impl FnOnce() -> String) {
        let counter = match wrong {
            Wrong::Doubled => &mut self.doubled,
            Wrong::Lost => &mut self.lost,
            Wrong::OutOfOrder => &mut self.out_of_order,
            Wrong::Unread => &mut self.wrong_unread,
        };
        *counter += 1;
        if self.findings.len() < KEPT_FINDINGS {
            let text = finding().replace('\u{1f}', ":").replace('\t', " ");
            self.findings.push(format!("{wrong:?}: {text}"));
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "sent {}, acknowledged {}, delivered {}, doubled {}, lost {}, out of order {}, wrong unread {}",
            self.sent,
            self.acknowledged,
            self.delivered,
            self.doubled,
            self.lost,
            self.out_of_order,
            self.wrong_unread
        )
    }
}
