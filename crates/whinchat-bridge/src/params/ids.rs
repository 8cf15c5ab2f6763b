//! Ids within the limits of this face (spec 11).

use whinchat_core::{ConversationId, Error, ErrorCode, GroupId, Result, UserId};

/// Most bytes of a user id.
const USER_BYTES: usize = 32;
/// Most bytes of a group id.
const GROUP_BYTES: usize = 48;

/// A user; 7003 when malformed.
pub(crate) fn user(text: &str) -> Result<UserId> {
    if text.len() > USER_BYTES {
        return Err(Error::new(
            ErrorCode::UserIdInvalid,
            format!("a user id has at most {USER_BYTES} bytes"),
        ));
    }
    UserId::new(text)
}

/// Several users.
pub(crate) fn users(texts: &[String]) -> Result<Vec<UserId>> {
    texts.iter().map(|text| user(text)).collect()
}

/// A group; 10015 when malformed.
pub(crate) fn group(text: &str) -> Result<GroupId> {
    if text.len() > GROUP_BYTES {
        return Err(Error::new(
            ErrorCode::GroupIdMalformed,
            format!("a group id has at most {GROUP_BYTES} bytes"),
        ));
    }
    GroupId::new(text)
}

/// The one to one conversation with a user.
pub(crate) fn with_user(text: &str) -> Result<ConversationId> {
    user(text).map(ConversationId::User)
}

/// A group's conversation.
pub(crate) fn of_group(text: &str) -> Result<ConversationId> {
    group(text).map(ConversationId::Group)
}

/// A conversation by its own id; 6004 when malformed.
pub(crate) fn conversation(text: &str) -> Result<ConversationId> {
    ConversationId::parse(text)
}
