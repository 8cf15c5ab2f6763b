//! Which item goes out next. No I/O and no clock in here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tokio::sync::oneshot;
use whinchat_proto::id::{ConversationId, OperationId};
use whinchat_proto::wire::request::Body;

use super::item::{Answered, Discarded, Item, Next, Purpose};
use super::lane::{Lane, MARK_PAUSE, wait};
use super::submission;
use super::turns::{Turn, Turns};
use crate::error::{Error, ErrorClass, ErrorCode, Result};
use crate::message::Message;
use crate::platform::Instant;
use crate::store::{ItemKind, ItemState, OutboxRow};

/// The outbox in memory.
#[derive(Default)]
pub(crate) struct Lanes {
    connected: bool,
    closed: bool,
    items: BTreeMap<i64, Item>,
    by_id: HashMap<[u8; 16], i64>,
    lanes: HashMap<ConversationId, Lane>,
    turns: Turns,
    cancels: BTreeSet<i64>,
    cancel_refusals: u32,
    cancels_blocked_until: Option<Instant>,
    expiries: BTreeSet<(i64, i64)>,
    tags: HashMap<u64, (i64, Purpose)>,
    next_tag: u64,
}

impl Lanes {
    /// Takes a row that is stored. After a restart nobody knows how far it got: it is in doubt then.
    pub(crate) fn add(&mut self, row: OutboxRow, in_doubt: bool) {
        let position = row.position;
        self.by_id.insert(row.id, position);
        if let (Some(expires), ItemState::Waiting) = (row.expires_ms, &row.state) {
            self.expiries.insert((expires, position));
        }
        match row.state {
            ItemState::Waiting => {
                self.lanes.entry(row.conversation.clone()).or_default().waiting.insert(position);
            }
            ItemState::Cancelling | ItemState::Deleting => drop(self.cancels.insert(position)),
            ItemState::Failed(_) => {}
        }
        let conversation = row.conversation.clone();
        self.items.insert(position, Item { row, in_doubt, carrying: false, waiters: Vec::new() });
        self.look(&conversation);
    }

    /// Something of a lane has changed: its turn may be another.
    fn look(&mut self, conversation: &ConversationId) {
        if let Some(lane) = self.lanes.get_mut(conversation) {
            let turn = lane.due(&self.items);
            let had = std::mem::replace(&mut lane.turn, turn);
            self.turns.replace(conversation, had, turn);
        }
    }

    /// The place of the item with this id.
    pub(crate) fn position(&self, id: [u8; 16]) -> Option<i64> {
        self.by_id.get(&id).copied()
    }

    /// The item at a place.
    pub(crate) fn item(&mut self, position: i64) -> Option<&mut Item> {
        self.items.get_mut(&position)
    }

    /// Messages that are not at the server and not deleted, in order.
    pub(crate) fn messages(&self) -> impl Iterator<Item = &OutboxRow> {
        let is_shown = |row: &&OutboxRow| row.kind == ItemKind::Message && row.state != ItemState::Deleting;
        self.items.values().map(|item| &item.row).filter(is_shown)
    }

    /// Messages that the user has deleted and that the server may have.
    pub(crate) fn deleting(&self) -> impl Iterator<Item = &OutboxRow> {
        self.items.values().map(|item| &item.row).filter(|row| row.state == ItemState::Deleting)
    }

    /// Whether the user has deleted the message at this place.
    pub(crate) fn is_deleting(&self, position: i64) -> bool {
        self.items.get(&position).is_some_and(|item| item.row.state == ItemState::Deleting)
    }

    /// A read mark or an emptying of this conversation that has not left the device: a newer one says it all.
    pub(crate) fn waiting_mark(&self, conversation: &ConversationId, kind: ItemKind) -> Option<i64> {
        self.lanes.get(conversation)?.waiting.iter().copied().find(|position| {
            self.items.get(position).is_some_and(|item| item.row.kind == kind && !item.in_doubt)
        })
    }

    /// Whether something still has to go out.
    pub(crate) fn is_drained(&self) -> bool {
        self.items.values().all(|item| matches!(item.row.state, ItemState::Failed(_)))
    }

    /// The connection stands.
    pub(crate) fn up(&mut self) {
        self.down();
        self.connected = true;
    }

    /// The connection is gone; everything unanswered goes out again on the next.
    pub(crate) fn down(&mut self) {
        self.connected = false;
        self.tags.clear();
        self.cancels.clear();
        self.cancels_blocked_until = None;
        for lane in self.lanes.values_mut() {
            *lane = Lane { refusals: lane.refusals, ..Lane::default() };
        }
        for (position, item) in &mut self.items {
            item.carrying = false;
            match item.row.state {
                ItemState::Waiting => {
                    self.lanes.entry(item.row.conversation.clone()).or_default().waiting.insert(*position);
                }
                ItemState::Cancelling | ItemState::Deleting => drop(self.cancels.insert(*position)),
                ItemState::Failed(_) => {}
            }
        }
        self.lanes.retain(|_, lane| !lane.waiting.is_empty());
        self.turns = Turns::default();
        for (conversation, lane) in &mut self.lanes {
            lane.turn = lane.due(&self.items);
            self.turns.replace(conversation, Turn::default(), lane.turn);
        }
    }

    /// What to do now.
    pub(crate) fn next(&mut self, now: Instant, now_ms: i64) -> Next {
        if let Some(expired) = self.expired(now_ms) {
            return expired;
        }
        let mut wake: Option<Instant> = None;
        if self.connected {
            match self.cancels_blocked_until.filter(|until| *until > now && !self.cancels.is_empty()) {
                Some(until) => wake = Some(until),
                None => {
                    if let Some(position) = self.cancels.pop_first()
                        && let Some(item) = self.items.get(&position)
                    {
                        let body = submission::cancel(&item.row);
                        return self.submit(position, Purpose::Cancel, None, body);
                    }
                }
            }
            while let Some(due) = self.turns.due(now) {
                if let Some(lane) = self.lanes.get_mut(&due) {
                    lane.wake(now);
                }
                self.look(&due);
            }
            if let Some(position) = self.turns.first()
                && let Some(item) = self.items.get_mut(&position)
                && let Some(lane) = self.lanes.get_mut(&item.row.conversation)
            {
                lane.waiting.remove(&position);
                lane.in_flight += 1;
                if item.row.kind == ItemKind::MarkRead {
                    lane.marks_from = Some(now + MARK_PAUSE);
                }
                item.carrying = true;
                item.in_doubt = true;
                let (operation, body) = submission::request(&item.row, lane.round);
                let conversation = item.row.conversation.clone();
                self.look(&conversation);
                return self.submit(position, Purpose::Carry, operation, body);
            }
            wake = wake.into_iter().chain(self.turns.next_due()).min();
        }
        Next::Wait { at: wake, expiry_ms: self.expiries.first().map(|(expires, _)| *expires) }
    }

    fn expired(&mut self, now_ms: i64) -> Option<Next> {
        let (expires, position) = self.expiries.first().copied()?;
        if expires > now_ms {
            return None;
        }
        self.expiries.pop_first();
        let item = self.items.get(&position).filter(|item| item.row.state == ItemState::Waiting)?;
        Some(if item.in_doubt { Next::ExpiredInDoubt(position) } else { Next::Expired(item.row.clone()) })
    }

    fn submit(
        &mut self,
        position: i64,
        purpose: Purpose,
        operation: Option<OperationId>,
        body: Body,
    ) -> Next {
        self.next_tag += 1;
        self.tags.insert(self.next_tag, (position, purpose));
        Next::Submit { tag: self.next_tag, operation, body: Box::new(body) }
    }

    /// The request under way that carries the item at this place.
    #[cfg(test)]
    pub(super) fn tag_of(&self, position: i64) -> Option<u64> {
        let carries = |of: &&(i64, Purpose)| **of == (position, Purpose::Carry);
        self.tags.iter().find(|(_, of)| carries(of)).map(|(tag, _)| *tag)
    }

    /// Nothing was written: the item waits for the next connection.
    pub(crate) fn not_written(&mut self, tag: u64) {
        self.tags.remove(&tag);
    }

    /// The server has answered.
    pub(crate) fn answered(&mut self, tag: u64) -> Option<Answered> {
        let (position, purpose) = self.tags.remove(&tag)?;
        // It stays in flight until it is known what becomes of it: of a refused one, until it has its place in the queue again.
        // A lane that begins anew before that begins with what was behind it.
        let row = self.items.get(&position)?.row.clone();
        Some(Answered { row, purpose })
    }

    /// It is known what becomes of an item that was on its way.
    fn landed(&mut self, position: i64) {
        if let Some(item) = self.items.get_mut(&position)
            && std::mem::take(&mut item.carrying)
        {
            let conversation = item.row.conversation.clone();
            if let Some(lane) = self.lanes.get_mut(&conversation) {
                lane.in_flight = lane.in_flight.saturating_sub(1);
            }
            self.look(&conversation);
        }
    }

    /// A refusal that is worth retrying: the lane waits, then starts again from its first item.
    pub(crate) fn refused(
        &mut self,
        position: i64,
        purpose: Purpose,
        error: &Error,
        now: Instant,
        random: u64,
    ) {
        if purpose == Purpose::Cancel {
            if self.items.contains_key(&position) {
                self.cancel_again(position, error.class, now, random);
            }
            return;
        }
        let Some(item) = self.items.get(&position) else { return };
        if matches!(item.row.state, ItemState::Cancelling | ItemState::Deleting) {
            // Whether it will ever be stored is being asked already.
            self.landed(position);
            return;
        }
        let of = item.row.conversation.clone();
        self.hold_up(&of, position, error.class, now, random);
        self.landed(position);
    }

    /// The item goes out again, and nothing else of its lane before it; not at once.
    fn hold_up(&mut self, of: &ConversationId, position: i64, class: ErrorClass, now: Instant, random: u64) {
        let lane = self.lanes.entry(of.clone()).or_default();
        lane.waiting.insert(position);
        lane.block(class, now, random);
        self.look(of);
    }

    /// An answer could not be applied here: the item goes out again and the server repeats itself.
    /// Not at once: what keeps it from being stored, such as a full disk, may stay, and the server is not to be hammered.
    pub(crate) fn ask_again(&mut self, position: i64, now: Instant, random: u64) {
        if let Some(item) = self.items.get(&position) {
            match item.row.state {
                ItemState::Waiting => {
                    let of = item.row.conversation.clone();
                    self.hold_up(&of, position, ErrorClass::RetryNow, now, random);
                    self.landed(position);
                }
                ItemState::Cancelling | ItemState::Deleting => {
                    self.cancel_again(position, ErrorClass::RetryNow, now, random);
                }
                ItemState::Failed(_) => {}
            }
        }
    }

    fn cancel_again(&mut self, position: i64, class: ErrorClass, now: Instant, random: u64) {
        self.cancels.insert(position);
        self.cancels_blocked_until = Some(now + wait(class, self.cancel_refusals, random));
        self.cancel_refusals = self.cancel_refusals.saturating_add(1);
    }

    /// The item is settled and leaves the outbox.
    pub(crate) fn remove(&mut self, position: i64) -> Option<Item> {
        let item = self.items.remove(&position)?;
        // Sent again, the same id may have got a later place.
        if self.by_id.get(&item.row.id) == Some(&position) {
            self.by_id.remove(&item.row.id);
        }
        self.forget_waiting(&item.row);
        self.cancel_refusals = 0;
        if let Some(lane) = self.lanes.get_mut(&item.row.conversation) {
            lane.refusals = 0;
            if item.carrying {
                // Its answer is not waited for any more.
                lane.in_flight = lane.in_flight.saturating_sub(1);
            }
        }
        self.look(&item.row.conversation);
        Some(item)
    }

    /// The item failed for good and is kept with its reason. Gives those who wait for it.
    pub(crate) fn fail(&mut self, position: i64, error: Error) -> Vec<oneshot::Sender<Result<Message>>> {
        // Deleted meanwhile: the server is being asked, and then it goes.
        let item = self.items.get_mut(&position).filter(|item| item.row.state != ItemState::Deleting);
        let Some(item) = item else { return Vec::new() };
        self.cancel_refusals = 0;
        item.row.state = ItemState::Failed(error);
        let waiters = std::mem::take(&mut item.waiters);
        let row = item.row.clone();
        self.forget_waiting(&row);
        self.landed(position);
        waiters
    }

    /// Keeps an item from going out, if it never did. Should a connection come up before its failure is written down, the
    /// server is asked to cancel it: a question too many, and never a message.
    pub(crate) fn withhold(&mut self, position: i64) -> bool {
        let Some(item) = self.items.get_mut(&position) else { return false };
        if item.in_doubt || item.row.state != ItemState::Waiting {
            return false;
        }
        item.row.state = ItemState::Cancelling;
        let row = item.row.clone();
        self.forget_waiting(&row);
        true
    }

    /// The item is to be cancelled; the server is asked as soon as there is a connection.
    pub(crate) fn cancel(&mut self, position: i64) {
        let Some(item) = self.items.get_mut(&position) else { return };
        if matches!(item.row.state, ItemState::Failed(_) | ItemState::Deleting) {
            // Refused for good meanwhile, and told; or asked for already.
            return;
        }
        item.row.state = ItemState::Cancelling;
        let row = item.row.clone();
        self.forget_waiting(&row);
        self.cancels.insert(position);
    }

    /// The user deletes a message that has not reached the server, as far as is known.
    pub(crate) fn discard(&mut self, position: i64) -> Discarded {
        let Some(item) = self.items.get_mut(&position) else { return Discarded::NotThere };
        if !item.in_doubt || matches!(item.row.state, ItemState::Failed(_)) {
            return self.remove(position).map_or(Discarded::NotThere, |item| Discarded::Out(Box::new(item)));
        }
        item.row.state = ItemState::Deleting;
        let row = item.row.clone();
        self.forget_waiting(&row);
        self.cancels.insert(position);
        Discarded::InDoubt
    }

    fn forget_waiting(&mut self, row: &OutboxRow) {
        self.cancels.remove(&row.position);
        if let Some(expires) = row.expires_ms {
            self.expiries.remove(&(expires, row.position));
        }
        if let Some(lane) = self.lanes.get_mut(&row.conversation) {
            lane.waiting.remove(&row.position);
        }
        self.look(&row.conversation);
    }

    /// Whether nothing goes out of here any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Tells everybody who waits that the client was closed.
    pub(crate) fn interrupt(&mut self) {
        self.closed = true;
        for item in self.items.values_mut() {
            for waiter in item.waiters.drain(..) {
                drop(waiter.send(Err(ErrorCode::Interrupted.into())));
            }
        }
    }
}
