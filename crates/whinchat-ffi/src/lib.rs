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
mod log;
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
pub use log::{LogLevel, LogLine, LogSubscription};
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

#[cfg(test)]
mod tests {
    use uniffi::{LiftArgsError, Lower, LowerReturn, RustCallError};

    use super::*;

    /// What comes back for an argument that holds `id`, as the generated code would take it.
    fn refused<T: uniffi::Lift<UniFfiTag, FfiType = uniffi::RustBuffer> + std::fmt::Debug>(id: &str) -> i32 {
        let text = <String as Lower<UniFfiTag>>::lower(id.to_owned());
        let error = LiftArgsError { arg_name: "id", error: T::try_lift(text).unwrap_err() };
        match <call::Result<()> as LowerReturn<UniFfiTag>>::handle_failed_lift(error) {
            // A variant's number, then the fields in order: the code is the first.
            Err(RustCallError::Error(buffer)) => {
                let bytes = buffer.destroy_into_vec();
                i32::from_be_bytes(bytes[4..8].try_into().unwrap())
            }
            _ => panic!("`{id}`: the process of a Swift app would end here"),
        }
    }

    #[test]
    fn a_malformed_id_is_refused_by_its_number_and_not_as_a_fault_of_ours() {
        for bad in ["", "umlaut \u{fc}", &"x".repeat(129)] {
            assert_eq!(refused::<UserId>(bad), 7003, "{bad}");
            assert_eq!(refused::<GroupId>(bad), 10015, "{bad}");
            assert_eq!(refused::<DeviceId>(bad), 6017, "{bad}");
            assert_eq!(refused::<ConversationId>(bad), 6004, "{bad}");
            assert_eq!(refused::<whinchat_core::MessageId>(bad), 6017, "{bad}");
        }
        assert_eq!(refused::<ConversationId>("c2c_"), 6004);
    }
}
