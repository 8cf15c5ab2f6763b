//! Messages: the model and the service.

mod history;
mod id;
mod model;
mod outgoing;
mod service;

pub(crate) use history::DELETE_LIMIT;
pub use history::{HISTORY_LIMIT, History, HistoryPage};
pub use id::MessageId;
pub use model::{Content, Element, GroupTipKind, Message, MessageState, Priority};
pub use outgoing::NewMessage;
pub use service::{Messages, SendHandle};
