//! Updates of live windows. The core's are generic and count in `usize`; these are the same, spelled out.

use whinchat_core::{Conversation, ListDiff, Message, TimelineStatus};

/// An index or length. No window comes near four thousand million.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

macro_rules! diff {
    ($(#[$doc:meta])* $name:ident, $item:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, uniffi::Enum)]
        #[allow(clippy::large_enum_variant)]
        pub enum $name {
            /// A new item.
            Insert {
                /// Where it stands afterwards.
                index: u32,
                /// The item.
                item: $item,
            },
            /// An item is gone.
            Remove {
                /// Where it stood.
                index: u32,
            },
            /// An item has a new state, at the same place.
            Update {
                /// Where it stands.
                index: u32,
                /// Its new state.
                item: $item,
            },
            /// An item stands at another place, perhaps with a new state: it is taken out at `from`, then put in at `to`.
            Move {
                /// Where it stood.
                from: u32,
                /// Where it stands afterwards.
                to: u32,
                /// Its state.
                item: $item,
            },
        }

        impl From<ListDiff<$item>> for $name {
            fn from(diff: ListDiff<$item>) -> Self {
                match diff {
                    ListDiff::Insert { index, item } => Self::Insert { index: narrow(index), item },
                    ListDiff::Remove { index } => Self::Remove { index: narrow(index) },
                    ListDiff::Update { index, item } => Self::Update { index: narrow(index), item },
                    ListDiff::Move { from, to, item } => {
                        Self::Move { from: narrow(from), to: narrow(to), item }
                    }
                }
            }
        }
    };
}

diff! {
    /// One step from a list of conversations to the next. Steps are applied in the order in which they come; each index counts
    /// in the list as the steps before have left it.
    ConversationDiff, Conversation
}
diff! {
    /// One step from a list of messages to the next; as `ConversationDiff`.
    MessageDiff, Message
}

/// What a subscription to the conversation list is told.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum ConversationUpdate {
    /// The list as it stands, newest activity first. Comes first.
    Snapshot {
        /// The conversations.
        items: Vec<Conversation>,
        /// The list goes on behind the window.
        has_more: bool,
    },
    /// What has changed since the last update.
    Changes {
        /// To be made on the list one after the other. May be empty.
        diffs: Vec<ConversationDiff>,
        /// The list goes on behind the window.
        has_more: bool,
    },
    /// The user was logged out, or the client closed: what was shown is nobody's any more. Nothing follows.
    Reset,
}

impl From<whinchat_core::ConversationUpdate> for ConversationUpdate {
    fn from(update: whinchat_core::ConversationUpdate) -> Self {
        use whinchat_core::ConversationUpdate as Core;
        match update {
            Core::Snapshot { items, has_more } => Self::Snapshot { items, has_more },
            Core::Changes { diffs, has_more } => {
                Self::Changes { diffs: diffs.into_iter().map(Into::into).collect(), has_more }
            }
            Core::Reset => Self::Reset,
        }
    }
}

/// What a subscription to a conversation's messages is told.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum TimelineUpdate {
    /// The window as it stands, oldest first. Comes first, and again after `newest`: it replaces what was shown.
    Snapshot {
        /// The messages; own ones that are not at the server stand where they were written.
        items: Vec<Message>,
        /// How the window lies.
        status: TimelineStatus,
    },
    /// What has changed since the last update.
    Changes {
        /// To be made on the list one after the other. May be empty.
        diffs: Vec<MessageDiff>,
        /// How the window lies.
        status: TimelineStatus,
    },
    /// The user was logged out, or the client closed: what was shown is nobody's any more. Nothing follows.
    Reset,
}

impl From<whinchat_core::TimelineUpdate> for TimelineUpdate {
    fn from(update: whinchat_core::TimelineUpdate) -> Self {
        use whinchat_core::TimelineUpdate as Core;
        match update {
            Core::Snapshot { items, status } => Self::Snapshot { items, status },
            Core::Changes { diffs, status } => {
                Self::Changes { diffs: diffs.into_iter().map(Into::into).collect(), status }
            }
            Core::Reset => Self::Reset,
        }
    }
}
