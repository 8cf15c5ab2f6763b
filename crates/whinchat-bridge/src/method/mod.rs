//! The functions that serve the methods, by subject: each reads typed parameters, calls the core, and gives a view.

pub(crate) mod account;
pub(crate) mod conversation;
pub(crate) mod create;
pub(crate) mod group;
pub(crate) mod history;
pub(crate) mod send;

use crate::table::Reply;
use whinchat_core::Result;

/// What such a function gives.
pub(crate) type Served<R> = Result<Reply<R>>;
