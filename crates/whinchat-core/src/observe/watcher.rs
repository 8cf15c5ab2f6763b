//! What an observer has to look at again, and what its app wishes.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use whinchat_proto::id::ConversationId;

/// Beyond this many changed conversations the whole window is looked at again: what waits for a slow observer is bounded.
const CHANGED: usize = 1_024;

/// What has come together since the observer last looked.
#[derive(Debug, Default)]
pub(crate) struct Due {
    /// Everything is to be looked at.
    pub(crate) all: bool,
    /// These conversations have changed.
    pub(crate) changed: HashSet<ConversationId>,
    /// So many more are wanted at the older end (of the list: at its end).
    pub(crate) older: usize,
    /// So many more are wanted at the newer end.
    pub(crate) newer: usize,
    /// The newest end is wanted instead of what is shown.
    pub(crate) newest: bool,
}

impl Due {
    fn is_empty(&self) -> bool {
        !self.all && self.changed.is_empty() && self.older == 0 && self.newer == 0 && !self.newest
    }
}

#[derive(Debug, Default)]
struct State {
    due: Due,
    stopped: bool,
}

/// An observer as those see it who change what it shows.
#[derive(Debug)]
pub(crate) struct Watcher {
    only: Option<ConversationId>,
    state: Mutex<State>,
    version: watch::Sender<u64>,
}

impl Watcher {
    /// Watches one conversation, or all. The first look is at everything.
    pub(crate) fn new(only: Option<ConversationId>) -> Self {
        let due = Due { all: true, ..Due::default() };
        Self { only, state: Mutex::new(State { due, stopped: false }), version: watch::Sender::new(0) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These conversations have changed, and that is committed.
    pub(crate) fn touch(&self, conversations: &[ConversationId]) {
        let mut state = self.state();
        let due = &mut state.due;
        if due.all {
            return;
        }
        match &self.only {
            Some(only) if !conversations.contains(only) => return,
            Some(_) => due.all = true,
            None => {
                due.changed.extend(conversations.iter().cloned());
                if due.changed.len() > CHANGED {
                    due.changed = HashSet::new();
                    due.all = true;
                }
            }
        }
        drop(state);
        self.wake();
    }

    /// History has come in that the conversation list does not show.
    pub(crate) fn touch_timeline(&self, filled: &[(ConversationId, u64, u64)]) {
        if let Some(only) = &self.only
            && filled.iter().any(|(conversation, ..)| conversation == only)
        {
            self.touch_all();
        }
    }

    /// Everything has to be looked at again.
    pub(crate) fn touch_all(&self) {
        self.wish(|due| due.all = true);
    }

    /// The app wishes something.
    pub(crate) fn wish(&self, wish: impl FnOnce(&mut Due)) {
        wish(&mut self.state().due);
        self.wake();
    }

    /// Nothing is wanted any more.
    pub(crate) fn stop(&self) {
        self.state().stopped = true;
        self.wake();
    }

    /// Whether nothing is wanted any more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// Whether there is something to look at.
    pub(crate) fn is_due(&self) -> bool {
        !self.state().due.is_empty()
    }

    /// Takes what is due. To be called before the store is looked at: what is committed later is due again.
    pub(crate) fn take(&self) -> Due {
        std::mem::take(&mut self.state().due)
    }

    /// Moves whenever something becomes due.
    pub(crate) fn version(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    fn wake(&self) {
        self.version.send_modify(|version| *version = version.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> ConversationId {
        ConversationId::parse(&format!("c2c_user{n}")).unwrap()
    }

    #[test]
    fn changes_that_nobody_looks_at_take_bounded_room() {
        let watcher = Watcher::new(None);
        watcher.take();
        for n in 0..100_000 {
            watcher.touch(&[id(n)]);
        }
        let due = watcher.take();
        assert!(due.all && due.changed.len() <= CHANGED);
        assert!(!watcher.is_due());
    }

    #[test]
    fn one_conversation_is_not_woken_by_the_others() {
        let watcher = Watcher::new(Some(id(1)));
        watcher.take();
        watcher.touch(&[id(2), id(3)]);
        assert!(!watcher.is_due());
        watcher.touch(&[id(2), id(1)]);
        assert!(watcher.is_due());
    }
}
