//! Ids as types: checked once where they enter, free to trust afterwards.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{ErrorCode, ProtoError};
use crate::limits::ID_BYTES;
use crate::wire;

/// Prefix of group ids that the server gives; apps may not choose such an id.
pub const RESERVED_GROUP_PREFIX: &str = "@TGS#";

fn check_printable(text: &str, code: ErrorCode, what: &str) -> Result<(), ProtoError> {
    if text.is_empty() || text.len() > ID_BYTES || !text.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return Err(ProtoError::new(
            code,
            format!("{what} must be 1 to {ID_BYTES} bytes of printable ASCII"),
        ));
    }
    Ok(())
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $code:expr, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            #[doc = concat!("Checks and takes a ", $what, ": 1 to 128 bytes of printable ASCII.\n\n# Errors\n\nThe code of the table for a malformed ", $what, ".")]
            pub fn new(text: impl AsRef<str>) -> Result<Self, ProtoError> {
                let text = text.as_ref();
                check_printable(text, $code, $what)?;
                Ok(Self(text.into()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl TryFrom<String> for $name {
            type Error = ProtoError;
            fn try_from(text: String) -> Result<Self, ProtoError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl std::str::FromStr for $name {
            type Err = ProtoError;
            fn from_str(text: &str) -> Result<Self, ProtoError> {
                Self::new(text)
            }
        }
    };
}

text_id! {
    /// Names a user; given by the app's own backend.
    UserId, ErrorCode::UserIdInvalid, "user id"
}
text_id! {
    /// Names a group; given by the app or by the server.
    GroupId, ErrorCode::GroupIdMalformed, "group id"
}
text_id! {
    /// Names an installation of the app; stable over restarts.
    DeviceId, ErrorCode::BadParameter, "device id"
}

/// A conversation as one of its members names it: `c2c_<userId>` or `group_<groupId>`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConversationId {
    /// One to one, named by the other person.
    User(UserId),
    /// A group.
    Group(GroupId),
}

impl ConversationId {
    /// Reads the text form.
    ///
    /// # Errors
    ///
    /// 6004 when the text does not have it.
    pub fn parse(text: &str) -> Result<Self, ProtoError> {
        let malformed = |_| {
            ProtoError::new(
                ErrorCode::ConversationIdMalformed,
                "a conversation id is c2c_<userId> or group_<groupId>",
            )
        };
        if let Some(user) = text.strip_prefix("c2c_") {
            UserId::new(user).map(Self::User).map_err(malformed)
        } else if let Some(group) = text.strip_prefix("group_") {
            GroupId::new(group).map(Self::Group).map_err(malformed)
        } else {
            Err(malformed(ProtoError::new(ErrorCode::ConversationIdMalformed, "")))
        }
    }

    /// Reads the wire form.
    ///
    /// # Errors
    ///
    /// 6032 when it names nobody; 7003 or 10015 when the id in it is malformed.
    pub fn from_wire(wire: Option<&wire::ConversationRef>) -> Result<Self, ProtoError> {
        use wire::conversation_ref::Target;
        match wire.and_then(|r| r.target.as_ref()) {
            Some(Target::UserId(id)) if id.is_empty() => Err(ErrorCode::ReceiverMissing.into()),
            Some(Target::GroupId(id)) if id.is_empty() => Err(ErrorCode::ReceiverMissing.into()),
            Some(Target::UserId(id)) => Ok(Self::User(UserId::new(id)?)),
            Some(Target::GroupId(id)) => Ok(Self::Group(GroupId::new(id)?)),
            None => Err(ErrorCode::ReceiverMissing.into()),
        }
    }

    /// The wire form.
    #[must_use]
    pub fn to_wire(&self) -> wire::ConversationRef {
        use wire::conversation_ref::Target;
        let target = match self {
            Self::User(id) => Target::UserId(id.as_str().to_owned()),
            Self::Group(id) => Target::GroupId(id.as_str().to_owned()),
        };
        wire::ConversationRef { target: Some(target) }
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "c2c_{id}"),
            Self::Group(id) => write!(f, "group_{id}"),
        }
    }
}

impl fmt::Debug for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ConversationId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ConversationId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// Forms a time-ordered id (UUIDv7): ids made later sort later, which keeps database indexes compact.
            #[must_use]
            pub fn from_parts(unix_ms: i64, random: [u8; 10]) -> Self {
                let ms = u64::try_from(unix_ms).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid().into_bytes())
            }

            /// Takes 16 bytes off the wire.
            ///
            /// # Errors
            ///
            /// 6017 for any other length.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, ProtoError> {
                <[u8; 16]>::try_from(bytes).map(Self).map_err(|_| {
                    ProtoError::new(ErrorCode::BadParameter, concat!(stringify!($name), " must be 16 bytes"))
                })
            }

            /// The bytes, for the wire.
            #[must_use]
            pub fn to_bytes(self) -> bytes::Bytes {
                bytes::Bytes::copy_from_slice(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).as_simple().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

uuid_id! {
    /// Names a message for its sender and conversation; made by the client before the first send.
    ClientMessageId
}
uuid_id! {
    /// Names one mutation over all its repetitions.
    OperationId
}
uuid_id! {
    /// Names a session of one device.
    SessionId
}
