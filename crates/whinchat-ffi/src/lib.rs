//! The uniffi face of Whinchat, under the Kotlin and Swift SDKs. It translates and decides nothing; `README.md` beside it has
//! the rules that both SDKs build on.
// Arguments come across the border by value.
#![allow(clippy::needless_pass_by_value)]

mod call;
mod cancel;
mod client;
mod config;
mod contract;
mod conversations;
mod diff;
mod drill;
mod events;
mod groups;
mod inbox;
mod live;
mod messages;
mod outgoing;
mod pull;
mod send;
mod step;
mod timeline;

pub use cancel::CancelToken;
pub use client::{Client, LoginAttempt};
pub use config::ClientConfig;
pub use contract::{version, whinchat_ffi_contract};
pub use conversations::{ConversationNews, ConversationSubscription, Conversations};
pub use diff::{ConversationDiff, ConversationUpdate, MessageDiff, TimelineUpdate};
pub use drill::{drill_panic, drill_panic_waiting};
pub use events::{EventBatch, EventSubscription};
pub use groups::{CreatedGroup, Groups, MemberOutcome};
pub use inbox::inbox_put;
pub use live::{LiveObjects, live_objects};
pub use messages::{HistoryFrom, Messages};
pub use outgoing::{OutgoingMessage, encoded_size};
pub use send::{SendAttempt, SendHandle};
pub use timeline::{TimelineNews, TimelineStart, TimelineSubscription};
pub use whinchat_core::{CallError, Failure};

use whinchat_core::{ConversationId, DeviceId, ErrorClass, GroupId, UserId};

uniffi::setup_scaffolding!();
uniffi::use_remote_type!(whinchat_core::UserId);
uniffi::use_remote_type!(whinchat_core::GroupId);
uniffi::use_remote_type!(whinchat_core::DeviceId);
uniffi::use_remote_type!(whinchat_core::ConversationId);
uniffi::use_remote_type!(whinchat_core::Failure);
uniffi::use_remote_type!(whinchat_core::ErrorClass);
