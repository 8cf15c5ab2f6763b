//! Ids within the limits of this face (spec 11).

use whinchat_core::{ConversationId, Error, ErrorCode, GroupId, Result, UserId};

use crate::profile::Profile;

/// Most bytes of a group id.
const GROUP_BYTES: usize = 48;

/// A user; 7003 when malformed.
pub(crate) fn user(profile: &Profile, text: &str) -> Result<UserId> {
    profile.user("userId", text)
}

/// Several users.
pub(crate) fn users(profile: &Profile, texts: &[String]) -> Result<Vec<UserId>> {
    texts.iter().map(|text| profile.user("userIdList", text)).collect()
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
pub(crate) fn with_user(profile: &Profile, text: &str) -> Result<ConversationId> {
    user(profile, text).map(ConversationId::User)
}

/// A group's conversation.
pub(crate) fn of_group(text: &str) -> Result<ConversationId> {
    group(text).map(ConversationId::Group)
}

/// A conversation by its own id; 6004 when malformed.
pub(crate) fn conversation(text: &str) -> Result<ConversationId> {
    ConversationId::parse(text)
}
