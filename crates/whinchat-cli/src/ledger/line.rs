//! What a client process writes down, one line a fact.

use std::fmt;

/// Names a conversation the same way for all its members: the two users of a one-to-one conversation in order, or the
/// group. The parts are joined by a control character, which no id can hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConversationKey(String);

/// Between the parts of a key.
const JOINT: char = '\u{1f}';

impl ConversationKey {
    /// The one-to-one conversation of two users, in either order.
    #[must_use]
    pub fn pair(one: &str, other: &str) -> Self {
        let (first, second) = if one <= other { (one, other) } else { (other, one) };
        Self(format!("c2c{JOINT}{first}{JOINT}{second}"))
    }

    /// A group.
    #[must_use]
    pub fn group(id: &str) -> Self {
        Self(format!("group{JOINT}{id}"))
    }

    /// What `user` calls `c2c_<userId>` or `group_<groupId>`; `None` for any other text.
    #[must_use]
    pub fn of(user: &str, conversation: &str) -> Option<Self> {
        conversation
            .strip_prefix("c2c_")
            .map(|peer| Self::pair(user, peer))
            .or_else(|| conversation.strip_prefix("group_").map(Self::group))
    }
}

impl fmt::Display for ConversationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names a message over all processes and databases.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageKey {
    /// Where it stands.
    pub conversation: ConversationKey,
    /// Who sent it.
    pub sender: String,
    /// The client message id as 32 hexadecimal digits.
    pub client_id: String,
}

impl MessageKey {
    /// What `user` knows as the message `id` of `sender` in `conversation` (`c2c_…` or `group_…`). The first half of a
    /// public message id is the client message id. `None` when either text is of another form.
    #[must_use]
    pub fn of(user: &str, conversation: &str, sender: &str, id: &str) -> Option<Self> {
        let (client_id, _) = id.split_once('-')?;
        Some(Self {
            conversation: ConversationKey::of(user, conversation)?,
            sender: sender.to_owned(),
            client_id: client_id.to_owned(),
        })
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}", self.conversation, self.sender, self.client_id)
    }
}

/// One fact. What the ledger does not say did not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A process of this device began, or a login in it; what an event announced before may be announced again from here on.
    Life,
    /// `send` returned for the device's `n`th message, so from now on it may not be lost.
    Accepted {
        /// Which message.
        message: MessageKey,
        /// Rises with each message of this device.
        n: u64,
        /// What was sent. A tab or a line break in it would break the line, so there must be none.
        text: String,
    },
    /// The message was settled: the server has it.
    Acked {
        /// Which message.
        message: MessageKey,
        /// Where it stands.
        seq: u64,
    },
    /// The message was settled: it failed for good, and the app was told.
    Failed {
        /// Which message.
        message: MessageKey,
        /// The error's number.
        code: i32,
    },
    /// The app is about to send a failed message again. Until an `accepted` line says that it was taken, it may be or not.
    Retrying {
        /// Which message.
        message: MessageKey,
    },
    /// An event announced a message of somebody else.
    Seen {
        /// Which message.
        message: MessageKey,
        /// Where it stands.
        seq: u64,
    },
    /// The user marked a conversation read and the call succeeded.
    Read {
        /// Which conversation.
        conversation: ConversationKey,
        /// The newest place that he had seen before he asked.
        seq: u64,
    },
    /// The user is about to delete a message for himself. Until a `deleted` line says that it is done, it may be or not.
    Deleting {
        /// Which message.
        message: MessageKey,
    },
    /// The user deleted the message for himself and the call succeeded: none of his devices may show it in the end.
    Deleted {
        /// Which message.
        message: MessageKey,
    },
    /// The user is about to empty a conversation for himself, and with it his messages that failed.
    Clearing {
        /// Which conversation.
        conversation: ConversationKey,
        /// The newest place that he had seen before he asked.
        seq: u64,
    },
    /// The user emptied a conversation for himself and the call succeeded.
    Cleared {
        /// Which conversation.
        conversation: ConversationKey,
        /// The newest place that he had seen before he asked.
        seq: u64,
    },
    /// At the end, with nothing left to do: what the public API gives as unread.
    Unread {
        /// Which conversation.
        conversation: ConversationKey,
        /// How many.
        count: u64,
    },
    /// The last line: the outbox is empty, everything is synchronised, every page of history was asked for.
    Finished,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Life => f.write_str("life"),
            Self::Accepted { message, n, text } => write!(f, "accepted\t{message}\t{n}\t{text}"),
            Self::Acked { message, seq } => write!(f, "acked\t{message}\t{seq}"),
            Self::Failed { message, code } => write!(f, "failed\t{message}\t{code}"),
            Self::Retrying { message } => write!(f, "retrying\t{message}"),
            Self::Seen { message, seq } => write!(f, "seen\t{message}\t{seq}"),
            Self::Read { conversation, seq } => write!(f, "read\t{conversation}\t{seq}"),
            Self::Deleting { message } => write!(f, "deleting\t{message}"),
            Self::Deleted { message } => write!(f, "deleted\t{message}"),
            Self::Clearing { conversation, seq } => write!(f, "clearing\t{conversation}\t{seq}"),
            Self::Cleared { conversation, seq } => write!(f, "cleared\t{conversation}\t{seq}"),
            Self::Unread { conversation, count } => write!(f, "unread\t{conversation}\t{count}"),
            Self::Finished => f.write_str("finished"),
        }
    }
}

impl Line {
    /// Reads one line, without its line break; `None` when it is none of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split('\t');
        let word = fields.next()?;
        let line = match word {
            "life" => Self::Life,
            "finished" => Self::Finished,
            "read" | "unread" | "clearing" | "cleared" => {
                let conversation = ConversationKey(fields.next()?.to_owned());
                let number = fields.next()?.parse().ok()?;
                match word {
                    "read" => Self::Read { conversation, seq: number },
                    "clearing" => Self::Clearing { conversation, seq: number },
                    "cleared" => Self::Cleared { conversation, seq: number },
                    _ => Self::Unread { conversation, count: number },
                }
            }
            _ => {
                let message = MessageKey {
                    conversation: ConversationKey(fields.next()?.to_owned()),
                    sender: fields.next()?.to_owned(),
                    client_id: fields.next()?.to_owned(),
                };
                let alone = match word {
                    "retrying" => Some(Self::Retrying { message: message.clone() }),
                    "deleting" => Some(Self::Deleting { message: message.clone() }),
                    "deleted" => Some(Self::Deleted { message: message.clone() }),
                    _ => None,
                };
                if alone.is_some() {
                    return alone.filter(|_| fields.next().is_none());
                }
                let number = fields.next()?;
                match word {
                    "accepted" => {
                        Self::Accepted { message, n: number.parse().ok()?, text: fields.next()?.to_owned() }
                    }
                    "acked" => Self::Acked { message, seq: number.parse().ok()? },
                    "failed" => Self::Failed { message, code: number.parse().ok()? },
                    "seen" => Self::Seen { message, seq: number.parse().ok()? },
                    _ => return None,
                }
            }
        };
        fields.next().is_none().then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_reads_back_as_written() {
        let message = MessageKey {
            conversation: ConversationKey::pair("bob", "alice b"),
            sender: "alice b".into(),
            client_id: "0f".repeat(16),
        };
        let conversation = ConversationKey::group("g 1");
        for line in [
            Line::Life,
            Line::Accepted { message: message.clone(), n: 7, text: "hello 7".into() },
            Line::Acked { message: message.clone(), seq: 9 },
            Line::Failed { message: message.clone(), code: -1 },
            Line::Retrying { message: message.clone() },
            Line::Seen { message: message.clone(), seq: 3 },
            Line::Read { conversation: conversation.clone(), seq: 4 },
            Line::Deleting { message: message.clone() },
            Line::Deleted { message },
            Line::Clearing { conversation: conversation.clone(), seq: 5 },
            Line::Cleared { conversation: conversation.clone(), seq: 5 },
            Line::Unread { conversation, count: 0 },
            Line::Finished,
        ] {
            assert_eq!(Line::parse(&line.to_string()), Some(line));
        }
        for broken in ["", "acked", "acked\ta\tb\tc", "acked\ta\tb\tc\tx", "life\t", "other\ta\tb\tc\t1"] {
            assert_eq!(Line::parse(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn both_sides_name_a_conversation_alike() {
        assert_eq!(ConversationKey::of("bob", "c2c_alice"), ConversationKey::of("alice", "c2c_bob"));
        assert_eq!(ConversationKey::of("bob", "group_g"), Some(ConversationKey::group("g")));
        assert_eq!(ConversationKey::of("bob", "elsewhere"), None);
    }
}
