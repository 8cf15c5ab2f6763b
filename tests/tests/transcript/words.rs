//! How the transcript says things.

use whinchat_core::{
    ConnectionState, Conversation, Element, Error, Event, GroupTipKind, Message, MessageState, Result,
};

pub(crate) fn error(error: &Error) -> String {
    format!("{} {}", error.code, error.name)
}

pub(crate) fn outcome<T>(result: &Result<T>) -> String {
    match result {
        Ok(_) => "ok".into(),
        Err(failed) => error(failed),
    }
}

fn element(element: &Element) -> String {
    match element {
        Element::Text { text } => format!("\"{text}\""),
        Element::Custom { data, description, extension } => {
            let hex: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("custom {hex} \"{description}\" \"{extension}\"")
        }
        Element::GroupTip { kind, operator, members, member_count } => {
            let kind = match kind {
                GroupTipKind::Joined => "joined",
                GroupTipKind::Invited => "invited",
                GroupTipKind::Quit => "quit",
                GroupTipKind::Kicked => "kicked",
                _ => "unknown",
            };
            format!("tip {kind} by {operator}: {}, {member_count} in", members.join(" "))
        }
        _ => "unknown".into(),
    }
}

/// `"hello"`, or what else it holds.
pub(crate) fn content(message: &Message) -> String {
    message.content.elements.iter().map(element).collect::<Vec<_>>().join(" + ")
}

/// `alice #1 "hello" sent read`
pub(crate) fn message(message: &Message) -> String {
    let state = match &message.state {
        MessageState::Pending => "pending".to_owned(),
        MessageState::Sent => "sent".to_owned(),
        MessageState::Failed(failed) => format!("failed {}", error(failed)),
    };
    let mut line = format!("{} #{} {} {state}", message.sender, message.seq, content(message));
    if message.is_read_by_peer {
        line.push_str(" read");
    }
    for user in &message.mentions {
        line.push_str(&format!(" @{user}"));
    }
    line
}

/// `group_team "The team" 2 in, "welcome", 1 unread, left`
pub(crate) fn conversation(conversation: &Conversation) -> String {
    let mut line = conversation.id.to_string();
    if let Some(group) = &conversation.group {
        line.push_str(&format!(" \"{}\" {} in", group.name, group.member_count));
    }
    let last = conversation.last_message.as_ref().map_or("nothing".into(), content);
    line.push_str(&format!(", {last}, {} unread", conversation.unread));
    if conversation.left {
        line.push_str(", left");
    }
    line
}

pub(crate) fn all<T>(items: &[T], word: impl Fn(&T) -> String) -> String {
    if items.is_empty() { "(empty)".into() } else { items.iter().map(word).collect::<Vec<_>>().join(" | ") }
}

pub(crate) fn connection(state: &ConnectionState) -> &'static str {
    match state {
        ConnectionState::LoggedOut => "logged out",
        ConnectionState::Connecting | ConnectionState::Waiting { .. } => "offline",
        ConnectionState::Connected => "connected",
        ConnectionState::Paused => "paused",
    }
}

/// The event as kind and line; none for what is merged, or depends on time.
pub(crate) fn event(event: &Event) -> Option<(&'static str, String)> {
    Some(match event {
        Event::MessageReceived(told) => {
            ("received", format!("received in {}: {}", told.conversation, message(told)))
        }
        Event::EphemeralReceived(told) => {
            ("ephemeral", format!("ephemeral in {}: {}", told.conversation, message(told)))
        }
        Event::MessageChanged(told) => {
            ("changed", format!("changed in {}: {}", told.conversation, message(told)))
        }
        Event::ReceiptReceived { conversation, seq, .. } => {
            ("receipt", format!("receipt in {conversation}: up to #{seq}"))
        }
        Event::MessagesDeleted { conversation, ids } => {
            ("deleted", format!("deleted in {conversation}: {} message", ids.len()))
        }
        Event::Typing { conversation, user, active } => {
            let what = if *active { "begins" } else { "ends" };
            ("typing", format!("typing in {conversation}: {user} {what}"))
        }
        _ => return None,
    })
}
