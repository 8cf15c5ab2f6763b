//! Live windows on the conversation list and on a conversation's messages: first what is there, then what changes, as steps
//! that a list on a screen can make.
//!
//! A commit marks what it changed ([`watcher`]); what an observer shows is read when its app comes for the next update
//! ([`observation`]) and compared with what it was told last ([`diff`]). So nothing is shown that is not stored, and an
//! observer that nobody asks costs nothing but its marks.

mod diff;
mod filler;
mod list;
mod observation;
mod segment;
mod timeline;
mod timeline_observer;
mod watcher;

#[cfg(test)]
mod tests;

pub use diff::ListDiff;
pub use list::{ConversationObserver, ConversationUpdate, ListHandle};
pub use timeline::{TimelineStatus, TimelineUpdate};
pub use timeline_observer::{TimelineHandle, TimelineObserver, TimelineWindow};
pub(crate) use watcher::Watcher;
