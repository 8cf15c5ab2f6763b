//! The ids and the error as uniffi sees them. The other models derive what uniffi needs where they stand.

use whinchat_proto::error::{ErrorClass, ProtoError};
use whinchat_proto::id::{ConversationId, DeviceId, GroupId, UserId};

use crate::error::Error;
use crate::message::MessageId;

/// What a call throws. In one piece with its fields: an app looks at the code or the class, and a variant for each code would
/// not know those of a newer server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum CallError {
    /// The call failed.
    #[error("{error}")]
    Failed {
        /// Why.
        error: Failure,
    },
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        Self::Failed { error }
    }
}

/// The crate's [`Error`], by a name that neither Kotlin nor Swift has already.
pub type Failure = ProtoError;

/// An error: the stable number, its stable name, what to do about it, and a sentence for the app's developer.
#[uniffi::remote(Record)]
pub struct Failure {
    /// The stable number; possibly one that this version does not know.
    pub code: i32,
    /// The stable name.
    pub name: String,
    /// What to do about it.
    pub class: ErrorClass,
    /// A sentence for the developer.
    pub message: String,
}

/// What to do about an error.
#[uniffi::remote(Enum)]
pub enum ErrorClass {
    /// A passing fault: try again with back-off.
    RetryNow,
    /// Try again once a connection stands.
    AfterReconnect,
    /// Try again when this many milliseconds have passed.
    After(u32),
    /// Log in with a fresh credential.
    Reauthenticate,
    /// Trying again as it stands cannot help.
    Final,
}

// A malformed id is refused with its own code, wherever in an argument it stands.
uniffi::custom_type!(
    /// Names a user; given by the app's own backend: 1 to 128 bytes of printable ASCII.
    UserId, String, {
    remote,
    lower: |id| id.into(),
    try_lift: |text| Ok(UserId::new(text).map_err(CallError::from)?),
});
uniffi::custom_type!(
    /// Names a group; given by the app or by the server: 1 to 128 bytes of printable ASCII.
    GroupId, String, {
    remote,
    lower: |id| id.into(),
    try_lift: |text| Ok(GroupId::new(text).map_err(CallError::from)?),
});
uniffi::custom_type!(
    /// Names an installation of the app: 1 to 128 bytes of printable ASCII.
    DeviceId, String, {
    remote,
    lower: |id| id.into(),
    try_lift: |text| Ok(DeviceId::new(text).map_err(CallError::from)?),
});
uniffi::custom_type!(
    /// Names a conversation as one of its members does: `c2c_<userId>` or `group_<groupId>`.
    ConversationId, String, {
    remote,
    lower: |id| id.to_string(),
    try_lift: |text| Ok(ConversationId::parse(&text).map_err(CallError::from)?),
});
uniffi::custom_type!(
    /// Names a message on every device and on the server; opaque.
    MessageId, String, {
    lower: |id| id.into(),
    try_lift: |text| Ok(MessageId::parse(&text).map_err(CallError::from)?),
});
