//! The Whinchat client.
//!
//! A [`Client`] logs one user in on one device and keeps what he has in two SQLite files, so that reading, sending and
//! marking read work without a network. See [`Client::builder`] for where to start.

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();

mod account;
mod client;
mod connection;
mod conversation;
mod error;
mod event;
#[cfg(feature = "uniffi")]
mod foreign;
mod group;
pub mod inbox;
mod message;
mod observe;
mod outbox;
mod platform;
#[cfg(feature = "simulation")]
#[doc(hidden)]
pub mod simulation;
mod store;
mod sync;

pub use client::{Client, ClientBuilder, Platform};
pub use connection::{Backoff, HeartbeatStream, Heartbeats};
pub use conversation::{Conversation, ConversationCursor, ConversationPage, Conversations, GroupSummary};
pub use error::{Error, ErrorClass, ErrorCode, Result};
pub use event::{ConnectionState, Event, EventStream};
#[cfg(feature = "uniffi")]
pub use foreign::{CallError, Failure};
pub use group::{CreatedGroup, GroupKind, Groups, MemberResult, NewGroup};
pub use message::{
    Content, Element, GroupTipKind, HISTORY_LIMIT, History, HistoryPage, Message, MessageId, MessageState,
    Messages, NewMessage, Priority, SendHandle,
};
pub use observe::{
    ConversationObserver, ConversationUpdate, ListDiff, ListHandle, TimelineHandle, TimelineObserver,
    TimelineStatus, TimelineUpdate, TimelineWindow,
};
pub use platform::{Runtime, TaskHandle};
pub use whinchat_proto::id::{ConversationId, DeviceId, GroupId, UserId};

/// The example in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// So does the one on live windows.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/observe.md")]
struct Observe;

/// So does the Chinese one.
#[cfg(doctest)]
#[doc = include_str!("../../../README.zh-CN.md")]
struct ReadmeZh;
