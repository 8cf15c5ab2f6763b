//! The conversation list as a live window: the newest so many.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};

use rusqlite::Connection;
use whinchat_proto::id::ConversationId;

use super::diff::{ListDiff, Window};
use super::observation::{Observation, View};
use super::watcher::{Due, Watcher};
use crate::account::{Account, view};
use crate::client::Current;
use crate::conversation::{Conversation, ConversationCursor};
use crate::error::Result;
use crate::store::{ConversationRow, OutboxRow, query};

/// What an observer of the conversation list is told.
#[derive(Clone, Debug, PartialEq)]
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
        /// To be made on the list one after the other. May be empty, when only `has_more` changed or a wish was granted
        /// that changed nothing.
        diffs: Vec<ListDiff<Conversation>>,
        /// The list goes on behind the window.
        has_more: bool,
    },
    /// The user was logged out, or the client closed: what was shown is nobody's any more. Nothing follows.
    Reset,
}

/// Newest activity first; the row decides among equals, as in the pages of the list.
type Key = (Reverse<i64>, Reverse<i64>);

fn key(row: &ConversationRow) -> Key {
    (Reverse(row.sort_ms), Reverse(row.row))
}

pub(super) struct ListView {
    limit: usize,
    window: Window<Key, ConversationId, Conversation>,
    has_more: bool,
    /// Whether there is more has to be looked up.
    is_end_in_doubt: bool,
    diffs: Vec<ListDiff<Conversation>>,
    /// There is something to tell even without a diff.
    news: bool,
    told: bool,
}

impl ListView {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            window: Window::new(),
            has_more: false,
            is_end_in_doubt: false,
            diffs: Vec::new(),
            news: false,
            told: false,
        }
    }

    fn put(
        &mut self,
        cache: &Connection,
        account: &Account,
        row: ConversationRow,
        waiting: Vec<OutboxRow>,
    ) -> Result<()> {
        let key = key(&row);
        let conversation = view(cache, row, waiting, &account.me)?;
        self.window.put(conversation.id.clone(), key, conversation, &mut self.diffs);
        Ok(())
    }

    /// The whole window anew.
    fn all(&mut self, cache: &Connection, account: &Account) -> Result<()> {
        let mut waiting: HashMap<ConversationId, Vec<OutboxRow>> = HashMap::new();
        for row in account.outbox.lanes().messages() {
            waiting.entry(row.conversation.clone()).or_default().push(row.clone());
        }
        let mut rows = query::page(cache, None, self.limit.saturating_add(1))?;
        (self.has_more, self.is_end_in_doubt) = (rows.len() > self.limit, false);
        rows.truncate(self.limit);
        let present: HashSet<ConversationId> = rows.iter().map(|row| row.id.clone()).collect();
        self.window.retain(|_, id| present.contains(id), &mut self.diffs);
        for row in rows {
            let waiting = waiting.remove(&row.id).unwrap_or_default();
            self.put(cache, account, row, waiting)?;
        }
        Ok(())
    }

    /// One conversation that has changed: a read by its id, wherever it stood and however long the list is.
    fn one(&mut self, cache: &Connection, account: &Account, id: &ConversationId) -> Result<()> {
        let waiting = account.waiting(id);
        let Some(row) = query::conversation(cache, id)? else {
            // One that stood behind the window may have been the last there.
            self.is_end_in_doubt |= self.has_more;
            self.window.remove(id, &mut self.diffs);
            return Ok(());
        };
        let (before, now) = (self.window.key(id), key(&row));
        let is_within = self.window.last().is_some_and(|(last, other)| now < last && other != id);
        match before {
            None if !is_within && (self.has_more || self.window.len() >= self.limit) => {
                self.has_more = true;
                Ok(())
            }
            Some(before) if before < now && !is_within && self.has_more => {
                // It sank to the window's end or below it: who stands there now is read in `fit`.
                self.window.remove(id, &mut self.diffs);
                Ok(())
            }
            _ => {
                // It may have been the last one behind the window.
                self.is_end_in_doubt |= before.is_none() && self.has_more;
                self.put(cache, account, row, waiting)
            }
        }
    }

    /// Makes the window as long as it should be.
    fn fit(&mut self, cache: &Connection, account: &Account) -> Result<()> {
        while self.window.len() > self.limit {
            let Some(last) = self.window.last().map(|(_, id)| id.clone()) else { break };
            self.window.remove(&last, &mut self.diffs);
            (self.has_more, self.is_end_in_doubt) = (true, false);
        }
        let missing = self.limit - self.window.len();
        if !self.has_more || (missing == 0 && !std::mem::take(&mut self.is_end_in_doubt)) {
            return Ok(());
        }
        let after = self
            .window
            .last()
            .map(|((sort_ms, row), _)| ConversationCursor { sort_ms: sort_ms.0, row: row.0 });
        let mut rows = query::page(cache, after.as_ref(), missing.saturating_add(1))?;
        self.has_more = rows.len() > missing;
        rows.truncate(missing);
        for row in rows {
            // One whose change has not been told yet may still stand at its old place: it is due, and moves then.
            if self.window.key(&row.id).is_none() {
                let waiting = account.waiting(&row.id);
                self.put(cache, account, row, waiting)?;
            }
        }
        Ok(())
    }
}

impl View for ListView {
    type Update = ConversationUpdate;

    fn refresh(&mut self, cache: &Connection, account: &Account, due: Due) -> Result<()> {
        let had_more = self.has_more;
        if due.older > 0 {
            self.limit = self.limit.saturating_add(due.older);
            self.news = true;
        }
        // Reading the window is cheaper than reading more conversations than it holds.
        if due.all || due.changed.len() > self.limit.max(16) {
            self.all(cache, account)?;
        } else {
            for id in &due.changed {
                self.one(cache, account, id)?;
            }
            self.fit(cache, account)?;
        }
        self.news |= !self.told || self.has_more != had_more;
        Ok(())
    }

    fn take(&mut self) -> Option<ConversationUpdate> {
        if !self.news && self.diffs.is_empty() {
            return None;
        }
        self.news = false;
        let diffs = std::mem::take(&mut self.diffs);
        let has_more = self.has_more;
        if std::mem::replace(&mut self.told, true) {
            return Some(ConversationUpdate::Changes { diffs, has_more });
        }
        Some(ConversationUpdate::Snapshot { items: self.window.items(), has_more })
    }

    fn reset() -> ConversationUpdate {
        ConversationUpdate::Reset
    }
}

/// A live window on the conversation list: the newest conversations, first as they stand, then what changes. From
/// [`crate::Conversations::observe`]; dropping it ends it.
///
/// An app that comes back late is told less often, not more: everything that happened meanwhile comes as one update, and what
/// waits for it takes no memory. It shows what is stored, never anything else.
pub struct ConversationObserver {
    pub(super) observation: Observation<ListView>,
}

impl ConversationObserver {
    pub(crate) fn new(account: &Arc<Account>, current: Weak<Current>, limit: usize) -> Self {
        let watcher = Arc::new(Watcher::new(None));
        Self { observation: Observation::new(account, current, watcher, ListView::new(limit)) }
    }

    /// The next update; `None` after [`ListHandle::stop`] or [`ConversationUpdate::Reset`]. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<ConversationUpdate> {
        self.observation.next().await
    }

    /// Makes the window longer by `count` at its end. The next update says what came of it.
    pub fn grow(&self, count: usize) {
        self.handle().grow(count);
    }

    /// Something to grow or stop it with from elsewhere, while [`Self::next`] is being waited for.
    #[must_use]
    pub fn handle(&self) -> ListHandle {
        ListHandle { watcher: self.observation.watcher().clone() }
    }
}

impl std::fmt::Debug for ConversationObserver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConversationObserver").finish_non_exhaustive()
    }
}

/// Grows or stops a [`ConversationObserver`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ListHandle {
    watcher: Arc<Watcher>,
}

impl ListHandle {
    /// As [`ConversationObserver::grow`].
    pub fn grow(&self, count: usize) {
        self.watcher.wish(|due| due.older = due.older.saturating_add(count));
    }

    /// Ends the observer: who waits for its next update gets `None`.
    pub fn stop(&self) {
        self.watcher.stop();
    }
}
