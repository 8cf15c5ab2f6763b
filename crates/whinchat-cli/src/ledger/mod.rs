//! An independent judge of what was sent and what arrived.
//!
//! Every client process appends what it was told to a [`Book`]: a plain file, written before the process goes on, so
//! that it survives a SIGKILL. Afterwards [`Evidence`] is read from the books and, with plain SQL and never through the
//! product's code, from the server's database and from each device's `cache.db` and `own.db`. [`judge`] compares.
//!
//! # What is counted
//!
//! * **sent**: messages for which `send` returned (`accepted` lines).
//! * **acknowledged**: messages that were reported as stored (`acked` lines).
//! * **delivered**: pairs of a message and a device of another user whose cache holds it, as the server has it.
//! * **doubled**: one (conversation, sender, client message id) at two places of the server's log or of one cache; two
//!   entries at one place of a cache; one id for two messages; one message announced twice in the life of a process; a message
//!   reported as failed which the server has (its user will send it again).
//! * **lost**: accepted, and neither on the server, nor reported as failed, nor (on a device that has not finished) in the
//!   outbox; acknowledged and not on the server; on the server with another content than was sent, or in a cache with
//!   another content than on the server; in a cache and not on the server; a hole in the server's log; on the server,
//!   inside the reader's window and meant for him, and not in the cache of a device that has finished, or
//!   (where [`Evidence::announced`] says so) among the newest 100 of its conversation and never announced there.
//! * **out of order**: a device's messages to one conversation stand in another order than it sent them; a message stands
//!   at another place than was acknowledged or than a cache says; events announce a conversation's messages in another
//!   order than the log's within the life of a process; time runs backwards in the server's log.
//! * **wrong unread**: what the public API of a finished device shows as unread in a conversation is not the count of
//!   entries above the mark, inside the window, counted, meant for the user and not his own; or the server's mark is
//!   below what the user had seen when he marked the conversation read.
//!
//! What a user has deleted for himself, one by one or with a whole conversation, is no loss on his devices: the server's
//! database says what it is. It is **lost** when the call succeeded and the server does not know of it at the end, and
//! **doubled** when a finished device of his still holds it. A message that was deleted before it was sent may be nowhere;
//! so may one that a server lost which was put back to an older copy: what its user had deleted is not sent again. What lies before
//! the window of one who had left and was invited again is not his, and need not be known as deleted.
//!
//! Of a server that was put back to an older copy ([`Evidence::restored`]) the order of sending and of events, events that come again,
//! and marks are not judged: what it lost is sent again, and marks that were set since the copy are gone.
//!
//! A message in a log without an `accepted` line is no fault: the kill came between the return of `send` and the line.

mod book;
mod collect;
mod deletions;
mod evidence;
mod judge;
mod line;
mod report;
mod sender;
#[cfg(test)]
mod tests;

pub use book::{Book, read_book};
pub use collect::{CollectError, DeviceFiles};
pub use evidence::{ClientStore, Device, Entry, Evidence, ServerLog, Window};
pub use judge::judge;
pub use line::{ConversationKey, Line, MessageKey};
pub use report::{Report, Wrong};
