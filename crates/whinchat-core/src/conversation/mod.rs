//! Conversations: the model and the service.

mod model;
mod service;

pub use model::{Conversation, ConversationCursor, ConversationPage, GroupSummary};
pub use service::Conversations;
