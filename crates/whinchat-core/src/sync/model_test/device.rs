//! A device: the engine over a map store, with a connection that may be cut at any frame.

use std::collections::{BTreeSet, VecDeque};

use whinchat_proto::id::{ClientMessageId, ConversationId, UserId};

use super::log::Draw;
use super::server::{Frame, Kind, ModelServer};
use super::store::MapStore;
use super::told::Told;
use crate::sync::{Floor, Forgotten, Input, LogStore as _, Outcome, Request, Schedule, apply};

/// What the device has written to the connection.
#[derive(Clone, Debug)]
enum Written {
    Ask(Request),
    Send(ConversationId, ClientMessageId),
    Mark(ConversationId, u64, u64),
    Forget(Box<Input>),
    Ping(u64),
}

/// The device.
pub(super) struct Device {
    pub(super) store: MapStore,
    pub(super) told: Told,
    pub(super) welcomed: bool,
    /// Something of the change log is known to be missing.
    pub(super) hole: bool,
    /// Own messages that the server said it has.
    pub(super) acknowledged: BTreeSet<(ConversationId, ClientMessageId)>,
    /// Own messages that it will not take.
    pub(super) refused: BTreeSet<(ConversationId, ClientMessageId)>,
    pub(super) outbox: Vec<(ConversationId, ClientMessageId)>,
    pub(super) marks: Vec<(ConversationId, u64, u64)>,
    /// Deletions and emptyings that the server has not answered.
    pub(super) forgets: Vec<Input>,
    /// Everything that this device's user has deleted on it: conversation, epoch, place.
    pub(super) deleted: BTreeSet<(ConversationId, u64, u64)>,
    /// Own messages that were deleted, here or elsewhere: they need not be anywhere any more.
    pub(super) unwanted: BTreeSet<(ConversationId, ClientMessageId)>,
    schedule: Schedule,
    connected: bool,
    to_server: VecDeque<Written>,
    /// What the server has put on the wire. Answers overtake pushes and are overtaken when `races`.
    pushes: VecDeque<Frame>,
    answers: VecDeque<Frame>,
    races: bool,
    /// Something could not be stored: the change log is read again, and these requests are made again.
    resync: bool,
    again: Vec<Request>,
    draw: Draw,
    sent: u64,
}

impl Device {
    pub(super) fn new(seed: u64, races: bool) -> Self {
        Self {
            store: MapStore::new(UserId::new("me").expect("an id")),
            told: Told::default(),
            welcomed: false,
            hole: false,
            acknowledged: BTreeSet::new(),
            refused: BTreeSet::new(),
            outbox: Vec::new(),
            marks: Vec::new(),
            forgets: Vec::new(),
            deleted: BTreeSet::new(),
            unwanted: BTreeSet::new(),
            schedule: Schedule::default(),
            connected: false,
            to_server: VecDeque::new(),
            pushes: VecDeque::new(),
            answers: VecDeque::new(),
            races,
            resync: false,
            again: Vec::new(),
            draw: Draw(seed),
            sent: 0,
        }
    }

    pub(super) fn connect(&mut self, server: &mut ModelServer) {
        if !self.connected {
            self.connected = true;
            self.schedule.up();
            let position = &self.store.data.position;
            server.welcome(position.epoch, position.top, position.groups, position.deleted_since());
        }
    }

    pub(super) fn cut(&mut self, server: &mut ModelServer) {
        self.connected = false;
        self.welcomed = false;
        self.schedule.down();
        self.resync = false;
        self.again.clear();
        self.to_server.clear();
        self.pushes.clear();
        self.answers.clear();
        server.cut();
    }

    /// The process ends; the files stay.
    pub(super) fn restart(&mut self, server: &mut ModelServer) {
        self.cut(server);
        self.schedule = Schedule::default();
        self.told.next_life();
    }

    pub(super) fn send(&mut self, id: &ConversationId) {
        self.sent += 1;
        let mut client_id = ClientMessageId([0; 16]);
        client_id.0[8..].copy_from_slice(&self.sent.to_be_bytes());
        self.outbox.push((id.clone(), client_id));
        self.write(Written::Send(id.clone(), client_id));
    }

    /// The user reads a conversation: it shows at once, and the server hears of it when it can.
    pub(super) fn mark(&mut self, id: &ConversationId) {
        let Some(log) = self.store.data.logs.get_mut(id).filter(|log| log.known) else { return };
        log.floor.merge(Floor { seq: log.head_seq, totals: log.totals });
        log.read_seq = log.read_seq.max(log.head_seq);
        let mark = (id.clone(), log.epoch, log.head_seq);
        self.marks.push(mark.clone());
        self.write(Written::Mark(mark.0, mark.1, mark.2));
    }

    /// The user deletes the `nth` message that he sees, counted from the newest; it goes at once.
    pub(super) fn delete(&mut self, id: &ConversationId, nth: usize) {
        let messages = self.store.data.messages.get(id);
        let seen = messages.and_then(|messages| messages.iter().rev().nth(nth));
        let (Some((seq, _)), Some(log)) = (seen, self.store.data.logs.get(id)) else { return };
        let (seq, epoch) = (*seq, log.epoch);
        self.deleted.insert((id.clone(), epoch, seq));
        self.forget(Input::Deleted { conversation: id.clone(), epoch, seqs: vec![seq] });
    }

    /// The user empties a conversation; it is empty at once.
    pub(super) fn clear(&mut self, id: &ConversationId) {
        let Some(log) = self.store.data.logs.get(id).filter(|log| log.known) else { return };
        let (epoch, seq) = (log.epoch, log.head_seq);
        let floor = Some(Floor { seq, totals: log.totals });
        self.deleted.extend((1..=seq).map(|seq| (id.clone(), epoch, seq)));
        self.forget(Input::Cleared { conversation: id.clone(), epoch, seq, floor });
    }

    fn forget(&mut self, input: Input) {
        let mut outcome = Outcome::default();
        let fails = self.store.fail_after.take();
        apply(&mut self.store, input.clone(), &mut outcome).expect("no failure is injected");
        self.store.fail_after = fails;
        self.note_deleted(&outcome);
        self.schedule.note(&outcome);
        // What is replayed knows no floor.
        let queued = match input {
            Input::Cleared { conversation, epoch, seq, .. } => {
                Input::Cleared { conversation, epoch, seq, floor: None }
            }
            other => other,
        };
        self.forgets.push(queued.clone());
        self.write(Written::Forget(Box::new(queued)));
    }

    fn note_deleted(&mut self, outcome: &Outcome) {
        for (id, messages) in &outcome.deleted {
            self.unwanted.extend(messages.iter().map(|message| (id.clone(), message.client_id)));
        }
    }

    /// The cache is damaged and set aside; what waits to reach the server is in the other file.
    pub(super) fn lose_cache(&mut self, server: &mut ModelServer) {
        self.restart(server);
        let me = self.store.me().clone();
        self.store = MapStore::new(me);
        // Should the server lose them as well, nobody has them.
        self.acknowledged.clear();
        self.told = Told::default();
        for input in self.forgets.clone() {
            let mut outcome = Outcome::default();
            apply(&mut self.store, input, &mut outcome).expect("no failure is injected");
        }
    }

    pub(super) fn ping(&mut self) {
        self.write(Written::Ping(self.store.data.position.groups));
    }

    fn write(&mut self, written: Written) {
        if self.welcomed {
            self.to_server.push_back(written);
        }
    }

    /// The server takes what was written to it, and what it has to say goes on the wire.
    pub(super) fn serve(&mut self, server: &mut ModelServer) {
        while let Some(written) = self.to_server.pop_front() {
            match written {
                Written::Ask(request) => server.answer(request),
                Written::Send(id, client_id) => server.send(&id, client_id),
                Written::Mark(id, epoch, seq) => server.mark(&id, epoch, seq),
                Written::Forget(deletion) => server.forget(&deletion),
                Written::Ping(groups) => server.ping(groups),
            }
            self.collect(server);
        }
        self.collect(server);
    }

    fn collect(&mut self, server: &mut ModelServer) {
        for frame in server.wire.drain(..) {
            let is_answer = matches!(
                frame.kind,
                Kind::Answer(..) | Kind::Sent(..) | Kind::Marked(..) | Kind::Forgotten(..)
            );
            // As with membership: nothing tells an answer that "it is not yours" from a newer one that it is.
            let is_final = frame.inputs.iter().any(|input| matches!(input, Input::Unknown { .. }));
            match (self.races && is_answer, is_final) {
                (true, false) => self.answers.push_back(frame),
                (true, true) => self.pushes.push_front(frame),
                (false, _) => self.pushes.push_back(frame),
            }
        }
    }

    /// The next push is lost; or of an answer the link, when the server had none to tell.
    pub(super) fn lose(&mut self, server: &mut ModelServer) {
        self.collect(server);
        let Some(frame) = self.pushes.iter_mut().find(|frame| !matches!(frame.kind, Kind::Welcome)) else {
            return;
        };
        match frame.kind {
            Kind::Push | Kind::Pong => frame.inputs.clear(),
            Kind::Sent(..) | Kind::Marked(..) => {
                frame.inputs.retain(|input| !matches!(input, Input::Link { .. }));
            }
            Kind::Welcome | Kind::Answer(..) | Kind::Forgotten(..) => {}
        }
    }

    /// Takes one frame. False: there is none.
    pub(super) fn take(&mut self, server: &mut ModelServer) -> bool {
        self.collect(server);
        if self.resync && (self.pushes.is_empty() && self.answers.is_empty() || self.draw.below(4) == 0) {
            self.retry(server);
            return true;
        }
        let late = !self.answers.is_empty() && (self.pushes.is_empty() || self.draw.below(2) == 0);
        let frame = if late { self.answers.pop_front() } else { self.pushes.pop_front() };
        let Some(frame) = frame else { return false };
        self.apply(&frame, server);
        true
    }

    fn apply(&mut self, frame: &Frame, server: &mut ModelServer) {
        let before = self.told.before(&self.store.data);
        let mut outcome = Outcome::default();
        let applied = self.store.transaction(|store| {
            frame.inputs.iter().try_for_each(|input| apply(store, input.clone(), &mut outcome))
        });
        if applied.is_err() {
            return self.fail(frame, server);
        }
        for input in &frame.inputs {
            let missing = match input {
                Input::Link { version, .. } | Input::Head { version, .. } => {
                    *version > self.store.data.position.top
                }
                _ => false,
            };
            assert!(outcome.hole || !missing, "nobody saw the hole below {input:?}");
        }
        if self.draw.below(4) == 0 {
            self.apply_again(frame);
        }
        self.told.after(&before, &self.store.data, &frame.inputs, &outcome, server);
        self.note_deleted(&outcome);
        self.settle(&frame.kind, &outcome);
        for forgotten in &outcome.forgotten {
            self.tell_again(forgotten);
        }
        let reads_all = |input: &Input| matches!(input, Input::Changes { below: 0, .. });
        self.hole = outcome.hole || self.hole && !frame.inputs.iter().any(reads_all);
        self.schedule.note(&outcome);
        for message in std::mem::take(&mut self.store.data.handed_back) {
            if !self.outbox.contains(&message) {
                self.outbox.push(message.clone());
            }
            self.write(Written::Send(message.0, message.1));
        }
        for request in self.schedule.next(&self.store.data.position) {
            self.write(Written::Ask(request));
        }
    }

    /// What the server has forgotten goes back to what waits.
    fn tell_again(&mut self, forgotten: &Forgotten) {
        let Forgotten { conversation, epoch, read_seq, cleared_seq, deleted } = forgotten.clone();
        if let Some(seq) = read_seq {
            self.marks.push((conversation.clone(), epoch, seq));
            self.write(Written::Mark(conversation.clone(), epoch, seq));
        }
        let clear = |seq| Input::Cleared { conversation: conversation.clone(), epoch, seq, floor: None };
        let delete = (!deleted.is_empty()).then(|| Input::Deleted {
            conversation: conversation.clone(),
            epoch,
            seqs: deleted,
        });
        for input in cleared_seq.map(clear).into_iter().chain(delete) {
            self.forgets.push(input.clone());
            self.write(Written::Forget(Box::new(input)));
        }
    }

    /// Nothing of the frame was stored. The device starts over with a new connection, or lives on with what it has.
    fn fail(&mut self, frame: &Frame, server: &mut ModelServer) {
        if self.draw.below(2) == 0 {
            return self.cut(server);
        }
        self.resync = true;
        self.hole = true;
        match &frame.kind {
            Kind::Welcome => {
                self.welcomed = true;
                self.write_again();
            }
            Kind::Push | Kind::Pong => {}
            Kind::Answer(request, _) => {
                self.schedule.done(request);
                self.again.push(request.clone());
            }
            Kind::Sent(id, client_id, _) => self.write(Written::Send(id.clone(), *client_id)),
            Kind::Marked(id, epoch, seq) => self.write(Written::Mark(id.clone(), *epoch, *seq)),
            Kind::Forgotten(deletion) => self.write(Written::Forget(deletion.clone())),
        }
    }

    fn retry(&mut self, server: &mut ModelServer) {
        self.resync = false;
        for request in std::mem::take(&mut self.again) {
            self.schedule.again(request);
        }
        let hole = Outcome { hole: true, ..Outcome::default() };
        self.schedule.note(&hole);
        self.apply(&Frame { inputs: vec![Input::Up], kind: Kind::Push }, server);
    }

    fn settle(&mut self, kind: &Kind, outcome: &Outcome) {
        match kind {
            Kind::Welcome => {
                self.welcomed = true;
                self.write_again();
            }
            Kind::Push | Kind::Pong => {}
            Kind::Answer(request, missing) => {
                self.schedule.done(request);
                if !missing.is_empty() {
                    self.schedule.again(Request::Fetch(missing.clone()));
                }
            }
            Kind::Sent(id, client_id, stored) => {
                if *stored && outcome.unplaced.contains(client_id) {
                    return;
                }
                let message = (id.clone(), *client_id);
                self.outbox.retain(|waiting| *waiting != message);
                let held = self.store.data.messages.get(id);
                if *stored && !held.is_some_and(|held| held.values().any(|(_, m)| m.client_id == *client_id))
                {
                    // It was deleted before its answer came.
                    self.unwanted.insert(message.clone());
                }
                if *stored { &mut self.acknowledged } else { &mut self.refused }.insert(message);
            }
            Kind::Marked(id, epoch, seq) => {
                self.marks.retain(|mark| *mark != (id.clone(), *epoch, *seq));
            }
            Kind::Forgotten(deletion) => self.forgets.retain(|waiting| *waiting != **deletion),
        }
    }

    fn write_again(&mut self) {
        for (id, client_id) in self.outbox.clone() {
            self.write(Written::Send(id, client_id));
        }
        for (id, epoch, seq) in self.marks.clone() {
            self.write(Written::Mark(id, epoch, seq));
        }
        for deletion in self.forgets.clone() {
            self.write(Written::Forget(Box::new(deletion)));
        }
    }

    /// Whatever was applied changes nothing when it is applied again; only snapshots are counted.
    fn apply_again(&mut self, frame: &Frame) {
        let mut store = self.store.clone();
        let mut again = Outcome::default();
        for input in &frame.inputs {
            apply(&mut store, input.clone(), &mut again).expect("no failure is injected");
        }
        let without_generation = |store: &MapStore| {
            let mut data = store.data.clone();
            data.position.generation = 0;
            data.logs.values_mut().for_each(|log| log.generation = 0);
            data
        };
        assert_eq!(without_generation(&store), without_generation(&self.store), "applied twice: {frame:?}");
        assert_eq!(again.announced, [], "announced twice: {frame:?}");
    }

    /// Whether nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.to_server.is_empty() && self.pushes.is_empty() && self.answers.is_empty()
    }

    /// Connects if need be and runs until nothing is left to do.
    pub(super) fn quiesce(&mut self, server: &mut ModelServer) {
        self.store.fail_after = None;
        let mut rounds = 0;
        loop {
            rounds += 1;
            assert!(rounds < 10, "the outbox never empties: {:?} {:?}", self.outbox, self.marks);
            self.connect(server);
            self.run(server);
            // A pong shows what was lost.
            self.ping();
            self.run(server);
            assert!(
                !self.resync && self.schedule.is_settled(&self.store.data.position),
                "asks for nothing, yet misses something"
            );
            // A pong that could not name every group leaves the rest to the next one.
            let all_named = self.store.data.position.groups == server.moved;
            let empty = self.outbox.is_empty() && self.marks.is_empty() && self.forgets.is_empty();
            if empty && all_named {
                return;
            }
            self.write_again();
        }
    }

    fn run(&mut self, server: &mut ModelServer) {
        for _ in 0..3_000 {
            self.serve(server);
            if !self.take(server) {
                assert!(self.is_idle());
                return;
            }
        }
        panic!("asks without end");
    }
}
