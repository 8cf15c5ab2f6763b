//! Large groups on the model server: an entry moves nobody's log.

use whinchat_proto::id::ConversationId;

use super::log::Writing;
use super::server::{Frame, Kind, ModelServer};
use crate::sync::Input;
use crate::sync::input::GroupHead;

impl ModelServer {
    /// From now on the group is large.
    pub(super) fn grow(&mut self, id: &ConversationId) {
        if let Some(conversation) = self.conversations.get_mut(id) {
            conversation.large = true;
        }
    }

    /// An entry comes.
    pub(super) fn moves(&mut self, id: &ConversationId) {
        if self.conversation(id).large {
            self.moved += 1;
            self.conversation(id).moved = self.moved;
        }
    }

    /// Tells of an entry of a large group, with the group if the entry says that it has changed.
    pub(super) fn push_entry(&mut self, id: &ConversationId, seq: u64) {
        if !self.live {
            return;
        }
        let conversation = self.conversation(id);
        let is_tip = conversation.at(seq).is_some_and(|stored| stored.writing.tip);
        let group = conversation.summary(id).filter(|_| is_tip);
        let (epoch, entry) = (conversation.epoch, conversation.entry(seq));
        let input = Input::Entry { conversation: id.clone(), epoch, entry, group };
        self.wire.push_back(Frame { inputs: vec![input], kind: Kind::Push });
    }

    /// Somebody else comes into a group.
    pub(super) fn tip(&mut self, id: &ConversationId) {
        let Some(conversation) = self.conversations.get_mut(id) else { return };
        conversation.members += 1;
        let (large, left) = (conversation.large, conversation.left_at.is_some());
        let seq = self.write(id, Writing { own: false, counted: false, blank: false, tip: true });
        match (left, large) {
            (true, _) => {}
            (false, true) => self.push_entry(id, seq),
            (false, false) => self.push_state(id, 1),
        }
    }

    /// Writes into the log which large groups have moved above `groups`.
    pub(super) fn mark_moved(&mut self, groups: u64) {
        let mut found: Vec<(u64, ConversationId)> = (self.conversations.iter())
            .filter(|(_, c)| c.large && c.left_at.is_none() && c.moved > groups && c.seen < c.moved)
            .map(|(id, c)| (c.moved, id.clone()))
            .collect();
        found.sort();
        for (moved, id) in found {
            self.bump(&id);
            self.conversation(&id).seen = moved;
        }
    }

    /// Where the large groups stand that have moved above `groups`: a few of them, and the movement up to which these are
    /// all.
    pub(super) fn heads(&mut self, groups: u64) -> (u64, Vec<GroupHead>) {
        let mut found: Vec<(u64, GroupHead)> = (self.conversations.iter())
            .filter(|(_, c)| c.large && c.left_at.is_none() && c.moved > groups)
            .map(|(id, c)| {
                (c.moved, GroupHead { conversation: id.clone(), epoch: c.epoch, head_seq: c.head() })
            })
            .collect();
        found.sort_by_key(|(moved, _)| *moved);
        let room = 1 + usize::try_from(self.draw.below(2)).unwrap_or(0);
        let upto = found.get(room).map_or(self.moved, |_| found[room - 1].0);
        found.truncate(room);
        (upto, found.into_iter().map(|(_, head)| head).collect())
    }

    /// Tells, unasked, where large groups stand.
    pub(super) fn tell_heads(&mut self) {
        if self.live {
            let (_, heads) = self.heads(0);
            self.wire.push_back(Frame { inputs: vec![Input::Moved(heads)], kind: Kind::Pong });
        }
    }
}
