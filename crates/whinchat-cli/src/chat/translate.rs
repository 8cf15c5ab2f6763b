//! The client's messages and conversations in the few words of the screen.

use whinchat_core::{Conversation, Element, ErrorCode, GroupTipKind, Message, MessageState};

use super::rows::{ConversationRow, Mark, MessageRow, RowKind, plain_title};
use super::session::sentence;

/// A message.
#[must_use]
pub fn message_row(message: &Message) -> MessageRow {
    let is_tip = message.content.elements.iter().any(|element| matches!(element, Element::GroupTip { .. }));
    let parts: Vec<String> = message.content.elements.iter().map(element_text).collect();
    MessageRow {
        key: message.id.to_string(),
        seq: message.seq,
        sender: message.sender.to_string(),
        text: parts.join(" "),
        time_ms: message.time_ms,
        is_own: message.is_own,
        mark: match &message.state {
            MessageState::Pending => Mark::Pending,
            MessageState::Sent => Mark::Sent,
            // The user's own wish needs no code and no advice.
            MessageState::Failed(error) if error.is(ErrorCode::SendCancelled) => {
                Mark::Failed("taken back".to_owned())
            }
            MessageState::Failed(error) => Mark::Failed(sentence(error)),
        },
        kind: if is_tip { RowKind::Notice } else { RowKind::Said },
    }
}

fn element_text(element: &Element) -> String {
    match element {
        Element::Text { text } => text.clone(),
        Element::Custom { description, .. } if !description.is_empty() => format!("[{description}]"),
        Element::Custom { .. } => "[data of an app]".to_owned(),
        Element::GroupTip { kind, operator, members, .. } => tip_text(*kind, operator, members),
        _ => "[something that this version cannot show]".to_owned(),
    }
}

fn tip_text(kind: GroupTipKind, operator: &str, members: &[String]) -> String {
    let whom = match members {
        [] => operator.to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    };
    match kind {
        GroupTipKind::Joined => format!("{whom} joined"),
        GroupTipKind::Invited => format!("{operator} invited {whom}"),
        GroupTipKind::Quit => format!("{whom} left the group"),
        GroupTipKind::Kicked => format!("{operator} removed {whom}"),
        _ => "something happened to the group".to_owned(),
    }
}

/// A conversation.
#[must_use]
pub fn conversation_row(conversation: &Conversation) -> ConversationRow {
    let group = conversation.group.as_ref();
    let named = group.filter(|group| !group.name.is_empty()).map(|group| group.name.clone());
    ConversationRow {
        id: conversation.id.clone(),
        title: named.unwrap_or_else(|| plain_title(&conversation.id)),
        preview: conversation.last_message.as_ref().map(preview).unwrap_or_default(),
        unread: conversation.unread,
        active_ms: conversation.active_ms,
        read_seq: conversation.read_seq,
        members: group.map_or(0, |group| group.member_count),
        left: conversation.left,
    }
}

fn preview(message: &Message) -> String {
    let row = message_row(message);
    let sign = match row.mark {
        Mark::Pending => "… ",
        Mark::Failed(_) => "✗ ",
        Mark::Sent => "",
    };
    let in_group = matches!(message.conversation, whinchat_core::ConversationId::Group(_));
    match (row.kind, row.is_own) {
        (RowKind::Said, true) => format!("{sign}you: {}", row.text),
        (RowKind::Said, false) if in_group => format!("{}: {}", row.sender, row.text),
        _ => row.text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tips_read_as_sentences() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let invited = tip_text(GroupTipKind::Invited, "alice", &names(&["bob", "carol", "dave"]));
        assert_eq!(invited, "alice invited bob, carol and dave");
        assert_eq!(tip_text(GroupTipKind::Quit, "bob", &[]), "bob left the group");
        assert_eq!(tip_text(GroupTipKind::Kicked, "alice", &names(&["bob"])), "alice removed bob");
    }

    #[test]
    fn what_cannot_be_shown_is_named() {
        let custom = |description: &str| Element::Custom {
            data: vec![1],
            description: description.to_owned(),
            extension: String::new(),
        };
        assert_eq!(element_text(&custom("a location")), "[a location]");
        assert_eq!(element_text(&custom("")), "[data of an app]");
        assert!(element_text(&Element::Unknown).starts_with('['));
    }
}
