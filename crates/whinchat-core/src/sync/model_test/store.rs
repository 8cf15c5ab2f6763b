//! A store of plain maps, whose transactions can be made to fail half way.

use std::collections::{BTreeMap, BTreeSet};

use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};

use crate::sync::{Deleted, Entry, Log, LogStore, Message, Position, PutEntry};

/// The failure that a test injected.
#[derive(Debug)]
pub(super) struct Injected;

/// What a transaction may change.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Data {
    pub(super) position: Position,
    pub(super) logs: BTreeMap<ConversationId, Log>,
    pub(super) messages: BTreeMap<ConversationId, BTreeMap<u64, (Entry, Message)>>,
    pub(super) exceptions: BTreeMap<ConversationId, BTreeSet<u64>>,
    pub(super) deletions: BTreeMap<ConversationId, BTreeSet<u64>>,
    /// Messages that went with an emptied conversation.
    pub(super) forgotten: BTreeSet<(ConversationId, ClientMessageId)>,
    /// Own messages that the server had acknowledged and does not have any more, until the outbox takes them.
    pub(super) handed_back: Vec<(ConversationId, ClientMessageId)>,
}

/// The store of one device.
#[derive(Clone, Debug)]
pub(super) struct MapStore {
    pub(super) data: Data,
    /// So many more changes are let through, then one fails.
    pub(super) fail_after: Option<u32>,
    me: UserId,
}

impl MapStore {
    pub(super) fn new(me: UserId) -> Self {
        Self { data: Data::default(), fail_after: None, me }
    }

    /// Runs `work`; when it fails, everything is as it was.
    pub(super) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Injected>,
    ) -> Result<T, Injected> {
        let before = self.fail_after.is_some().then(|| self.data.clone());
        let result = work(self);
        if result.is_err() {
            self.data = before.expect("only an injected failure fails");
        }
        self.fail_after = None;
        result
    }

    /// Unread, as the product derives it.
    pub(super) fn unread(&self, conversation: &ConversationId) -> u64 {
        let Some(log) = self.data.logs.get(conversation) else { return 0 };
        let excepted = self.data.exceptions.get(conversation).map_or(0, |seqs| {
            seqs.iter().filter(|seq| **seq > log.floor.seq && **seq <= log.head_seq).count()
        });
        crate::sync::unread(log.totals, log.floor, excepted as u64)
    }

    fn change(&mut self) -> Result<(), Injected> {
        match &mut self.fail_after {
            Some(0) => Err(Injected),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn hand_back(&mut self, conversation: &ConversationId, above: u64) {
        let Some(messages) = self.data.messages.get_mut(conversation) else { return };
        for (_, (_, message)) in messages.split_off(&(above + 1)) {
            if message.sender == self.me {
                self.data.handed_back.push((conversation.clone(), message.client_id));
            }
        }
    }
}

impl LogStore for MapStore {
    type Error = Injected;

    fn position(&mut self) -> Result<Position, Injected> {
        Ok(self.data.position.clone())
    }

    fn set_position(&mut self, position: &Position) -> Result<(), Injected> {
        self.change()?;
        self.data.position = position.clone();
        Ok(())
    }

    fn log(&mut self, conversation: &ConversationId) -> Result<Option<Log>, Injected> {
        Ok(self.data.logs.get(conversation).cloned())
    }

    fn set_log(&mut self, conversation: &ConversationId, log: &Log) -> Result<(), Injected> {
        self.change()?;
        self.data.logs.insert(conversation.clone(), log.clone());
        Ok(())
    }

    fn incomplete(&mut self) -> Result<Vec<ConversationId>, Injected> {
        Ok(self.data.logs.iter().filter(|(_, log)| log.incomplete).map(|(id, _)| id.clone()).collect())
    }

    fn remove_older_than(&mut self, generation: u64) -> Result<Vec<ConversationId>, Injected> {
        self.change()?;
        let gone: Vec<ConversationId> = (self.data.logs.iter())
            .filter(|(_, log)| log.generation < generation)
            .map(|(id, _)| id.clone())
            .collect();
        for conversation in &gone {
            self.hand_back(conversation, 0);
            self.data.logs.remove(conversation);
            self.data.messages.remove(conversation);
            self.data.exceptions.remove(conversation);
            self.data.deletions.remove(conversation);
        }
        Ok(gone)
    }

    fn put_message(
        &mut self,
        conversation: &ConversationId,
        entry: &Entry,
        message: &Message,
    ) -> Result<PutEntry, Injected> {
        self.change()?;
        let messages = self.data.messages.entry(conversation.clone()).or_default();
        let known = messages.contains_key(&entry.seq)
            || messages.values().any(|(_, m)| m.client_id == message.client_id && m.sender == message.sender);
        if known {
            return Ok(PutEntry::Known);
        }
        messages.insert(entry.seq, (entry.clone(), message.clone()));
        Ok(PutEntry::New)
    }

    fn is_below_last(&mut self, conversation: &ConversationId, seq: u64) -> Result<bool, Injected> {
        let messages = self.data.messages.get(conversation);
        Ok(messages.is_some_and(|found| {
            found.range(seq + 1..).any(|(_, (_, message))| !message.excluded_from_last_message)
        }))
    }

    fn except(&mut self, conversation: &ConversationId, seq: u64) -> Result<(), Injected> {
        self.change()?;
        self.data.exceptions.entry(conversation.clone()).or_default().insert(seq);
        Ok(())
    }

    fn delete(&mut self, conversation: &ConversationId, seq: u64) -> Result<Option<Deleted>, Injected> {
        self.change()?;
        self.data.deletions.entry(conversation.clone()).or_default().insert(seq);
        let removed = self.data.messages.get_mut(conversation).and_then(|messages| messages.remove(&seq));
        Ok(removed.map(|(_, message)| Deleted {
            sender: message.sender,
            client_id: message.client_id,
            excluded_from_unread: message.excluded_from_unread,
        }))
    }

    fn is_waiting(&self, _: &Message) -> bool {
        false
    }

    fn is_deleted(
        &mut self,
        conversation: &ConversationId,
        seq: u64,
        _message: &Message,
    ) -> Result<bool, Injected> {
        Ok(self.data.deletions.get(conversation).is_some_and(|deletions| deletions.contains(&seq)))
    }

    fn deletions(&mut self, conversation: &ConversationId) -> Result<Vec<u64>, Injected> {
        Ok(self.data.deletions.get(conversation).into_iter().flatten().copied().collect())
    }

    fn clear(&mut self, conversation: &ConversationId, seq: u64) -> Result<(), Injected> {
        self.change()?;
        if let Some(messages) = self.data.messages.get_mut(conversation) {
            let kept = messages.split_off(&(seq + 1));
            let gone = std::mem::replace(messages, kept);
            let ids = gone.into_values().map(|(_, message)| (conversation.clone(), message.client_id));
            self.data.forgotten.extend(ids);
        }
        if let Some(deletions) = self.data.deletions.get_mut(conversation) {
            deletions.retain(|at| *at > seq);
        }
        Ok(())
    }

    fn truncate(&mut self, conversation: &ConversationId, seq: u64) -> Result<(), Injected> {
        self.change()?;
        self.hand_back(conversation, seq);
        if let Some(exceptions) = self.data.exceptions.get_mut(conversation) {
            exceptions.retain(|excepted| *excepted <= seq);
        }
        if let Some(deletions) = self.data.deletions.get_mut(conversation) {
            deletions.retain(|deleted| *deleted <= seq);
        }
        Ok(())
    }

    fn me(&self) -> &UserId {
        &self.me
    }
}
