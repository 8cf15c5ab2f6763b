//! One table of limits. The server tells them in `Welcome`; a client checks them before it asks.
//!
//! These are the server's ceilings. Each language face may have a stricter profile of its own.

/// Bytes in a kilobyte, everywhere in Whinchat.
pub const KB: usize = 1_024;

/// Largest encoded content of one message, in bytes.
pub const CONTENT_BYTES: usize = 32_768;
/// Largest frame either way, in bytes.
pub const FRAME_BYTES: usize = 128 * KB;
/// Longest user, group or device id, in bytes.
pub const ID_BYTES: usize = 128;
/// Longest group name, in bytes of UTF-8.
pub const GROUP_NAME_BYTES: usize = 100;
/// Most entries that one `FetchEntries` is answered with.
pub const PAGE_ENTRIES: usize = 500;
/// Most ranges in one `FetchEntries` and most names in one `GetConversations`.
pub const BATCH_ITEMS: usize = 100;
/// Bytes of changes after which a page ends: the first one travels in `Welcome` and shall be there at once.
pub const PAGE_BYTES: usize = 64 * KB;
/// Bytes of entries after which the answer to a `FetchEntries` ends; the rest of a frame is for what stands around them.
pub const FETCH_BYTES: usize = 120 * KB;
/// Newest entries of a moved conversation that a page of changes carries, and that a first sync stores.
pub const RECENT_ENTRIES: usize = 100;
/// Members named in one create or invite call.
pub const MEMBERS_PER_CALL: usize = 20;
/// Members of a group of kind Work, Public or Meeting.
pub const GROUP_MEMBERS: usize = 2_000;
/// Users named with an @ in one message, and users in one audience.
pub const MENTIONS: usize = 30;
/// Users in the audience of one message.
pub const AUDIENCE: usize = 50;
/// Requests of one connection that may wait for an answer at once.
pub const REQUESTS_IN_FLIGHT: usize = 256;
/// Bytes of a client message id, an operation id or a session id.
pub const UUID_BYTES: usize = 16;
/// How long the server knows the result of a mutation, in milliseconds: 24 hours.
pub const OPERATION_MEMORY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Longest UserSig, in bytes.
pub const USER_SIG_BYTES: usize = 4 * KB;
