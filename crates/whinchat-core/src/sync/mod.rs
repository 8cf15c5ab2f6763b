//! The sync engine: what the server says, put into the store so that nothing is lost, doubled or out of place.
//!
//! No I/O in here. [`apply()`] turns an [`Input`] into calls of the [`LogStore`] port, inside one transaction of the
//! caller's, and says in an [`Outcome`] what the app has to be told and what is still missing. [`Schedule`] decides which
//! requests to make. Both run against SQLite in the product and against plain maps in the property tests.

mod apply;
mod cursor;
mod deletions;
mod fetched;
mod held;
mod input;
mod log;
mod outcome;
mod pages;
mod schedule;
mod states;
mod unread;

#[cfg(test)]
mod model_test;

pub(crate) use apply::apply;
pub(crate) use cursor::{ChangeGap, Position};
pub(crate) use held::{HeldRanges, Range};
pub(crate) use input::{Acknowledged, ChangesPage, Entry, EntryBody, GroupState, Input, Message, Page};
pub(crate) use log::{Deleted, Log, LogStore, PutEntry};
#[cfg(test)]
pub(crate) use outcome::Want;
pub(crate) use outcome::{Forgotten, Outcome};
pub(crate) use schedule::{Request, Schedule};
pub(crate) use unread::{Floor, Totals, unread};
