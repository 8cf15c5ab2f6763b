//! Groups: creating, inviting, leaving.

mod service;

pub use service::{CreatedGroup, GroupKind, Groups, MemberResult, NewGroup};
