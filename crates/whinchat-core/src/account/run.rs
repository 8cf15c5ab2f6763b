//! The account's task: everything the server says passes through here, in order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, FuturesUnordered};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;
use whinchat_proto::id::SessionId;
use whinchat_proto::wire;

use super::again::Again;
use super::chores::{delete_settled, write_delivered};
use super::expiry::tell_expiry;
use super::reads::{Answered, body_of, inputs_of};
use super::{Account, Ends, Progress, locked};
use crate::connection::{Inbound, Session};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ConnectionState, Event};
use crate::outbox::pump;
use crate::platform::{Instant, random_u64, sleep_until};
use crate::sync::{ChangesPage, Input, Outcome, Request, Schedule};

/// Frames that one transaction takes.
const BATCH: usize = 256;
/// Answers to reads that one transaction takes: those that came while the one before was written.
const ANSWERS: usize = 4;
/// Transactions of answers that are handed to the writer: it need not wait for the second when the first is committed.
const WRITING: usize = 2;

/// A read under way, and what became of it.
type UnderWay = FuturesUnordered<BoxFuture<'static, (Request, Result<wire::Response>)>>;
/// Answers that are being written: each request with what its answer did not reach, and what came of all.
type Writing = FuturesOrdered<BoxFuture<'static, (Vec<(Request, Option<Request>)>, Result<Outcome>)>>;

/// Runs until the connection is stopped or refused for good, then closes the files. Gives the refusal. The app is told
/// `expiry_lead` before its credential ends.
pub(crate) async fn run(
    account: Arc<Account>,
    ends: Ends,
    expiry_lead: Duration,
    mut inbound: mpsc::Receiver<Inbound>,
) -> Option<Error> {
    let Ends { settled, untold } = ends;
    account.hub.open(&account.me);
    for (conversation, from, to) in untold {
        let from = account.hub.not_in_hand(&conversation, from);
        if from <= to {
            account.hub.messages(&conversation, from, to);
        }
    }
    let found = account.take_inbox().await;
    let helpers = [
        account.runtime.spawn(pump(account.clone())),
        account.runtime.spawn(delete_settled(account.clone(), settled)),
        account.runtime.spawn(write_delivered(account.clone())),
        account.runtime.spawn(tell_expiry(account.clone(), expiry_lead)),
    ];
    let mut task = Task {
        account: account.clone(),
        schedule: Schedule::default(),
        under_way: UnderWay::new(),
        answers: VecDeque::new(),
        writing: Writing::new(),
        again: Again::default(),
        announced_sync: false,
        refused: None,
        session: None,
    };
    if let Some(outcome) = found {
        task.schedule.note(&outcome);
    }
    let mut batch = Vec::with_capacity(BATCH);
    while task.refused.is_none() {
        let retry_at = task.again.at();
        let typing_ends = account.typing_ends();
        tokio::select! {
            count = inbound.recv_many(&mut batch, BATCH) => {
                if count == 0 {
                    break;
                }
                task.take(&mut batch).await;
            }
            Some((request, result)) = task.under_way.next(), if !task.under_way.is_empty() => {
                task.answered(request, result);
            }
            Some((applied, outcome)) = task.writing.next(), if !task.writing.is_empty() => {
                task.written(applied, outcome);
            }
            missing = account.missing.found() => task.schedule.note(&missing),
            () = std::future::ready(()), if task.may_write() => task.write_answers(),
            () = sleep_until(typing_ends.unwrap_or_else(Instant::now)), if typing_ends.is_some() => {
                account.end_typing();
            }
            () = sleep_until(retry_at.unwrap_or_else(Instant::now)), if retry_at.is_some() => task.retry().await,
        }
        task.ask();
    }
    // Before the files are closed: what is being written may put something back into the outbox.
    task.finish_writing().await;
    drop(task.under_way);
    drop(helpers);
    account.interrupt();
    account.flush_delivered().await;
    account.store.close().await;
    task.refused
}

struct Task {
    account: Arc<Account>,
    schedule: Schedule,
    under_way: UnderWay,
    /// Answers that were read and wait to be applied. As many as the schedule lets be under way.
    answers: VecDeque<Answered>,
    /// Transactions of answers: one that is being written, and one that waits behind it so that the writer need not.
    writing: Writing,
    again: Again,
    announced_sync: bool,
    refused: Option<Error>,
    session: Option<Session>,
}

impl Task {
    /// Takes what has arrived; everything between two changes of the connection is applied in one transaction.
    async fn take(&mut self, batch: &mut Vec<Inbound>) {
        let mut inputs = Vec::new();
        let mut answers = Vec::new();
        self.finish_writing().await;
        for item in batch.drain(..) {
            match item {
                Inbound::Push(push) => self.push(push, &mut inputs),
                Inbound::Pong(pong) => match Input::from_pong(pong) {
                    Ok(found) => inputs.extend(found),
                    // The next ping asks for the same again.
                    Err(error) => tracing::warn!(code = error.code, "a pong could not be read"),
                },
                Inbound::Answer { tag, result } => {
                    if let Some(answer) = self.account.read_answer(tag, result, &mut inputs) {
                        answers.push(answer);
                    }
                }
                Inbound::Connecting => {
                    self.apply(std::mem::take(&mut inputs), std::mem::take(&mut answers)).await;
                    self.account.set_connection(ConnectionState::Connecting);
                }
                Inbound::Up(welcome, session) => {
                    self.apply(std::mem::take(&mut inputs), std::mem::take(&mut answers)).await;
                    self.up(*welcome, session).await;
                }
                Inbound::Down { error, retry_in } => {
                    self.apply(std::mem::take(&mut inputs), std::mem::take(&mut answers)).await;
                    self.down(error, retry_in);
                }
            }
        }
        self.apply(inputs, answers).await;
    }

    fn push(&self, push: wire::Push, inputs: &mut Vec<Input>) {
        match &push.body {
            Some(wire::push::Body::Ephemeral(message)) => self.account.ephemeral(message.clone()),
            Some(wire::push::Body::Entry(entry)) => self.account.written(entry),
            _ => {}
        }
        match Input::from_push(push) {
            Ok(found) => inputs.extend(found),
            // Its link is missing now, so the change log will be asked.
            Err(error) => tracing::warn!(code = error.code, "a push could not be read"),
        }
    }

    /// Applies, then settles what was answered.
    async fn apply(&mut self, inputs: Vec<Input>, answers: Vec<super::answer::Answer>) {
        if inputs.is_empty() && answers.is_empty() {
            return;
        }
        match self.account.apply(inputs).await {
            Ok(outcome) => {
                self.schedule.note(&outcome);
                self.account.settle(answers, &outcome).await;
            }
            Err(error) => {
                tracing::warn!(code = error.code, "what the server said could not be stored");
                self.account.unsettle(answers);
                self.again.resync(Instant::now());
            }
        }
    }

    async fn up(&mut self, welcome: wire::Welcome, session: Session) {
        let account = self.account.clone();
        match SessionId::from_slice(&welcome.session_id) {
            Ok(id) => locked(&account.greeting).session = Some(id),
            Err(_) => tracing::warn!("the server gave no session id"),
        }
        account.expiry.set(welcome.credential_expires_ms);
        self.schedule.up();
        self.announced_sync = true;
        account.set_connection(ConnectionState::Connected);
        account.hub.notice(Event::SyncStarted);
        let page = ChangesPage::from_wire(welcome.changes.unwrap_or_default());
        let applied = match page {
            Ok(page) => account.apply(vec![Input::Up, Input::Changes { page, below: 0 }]).await,
            Err(error) => Err(error),
        };
        let accepted = match applied {
            Ok(outcome) => {
                self.schedule.note(&outcome);
                true
            }
            Err(error) => {
                account.hub.notice(Event::SyncFailed(error.clone()));
                account.progress.send_replace(Progress::Failed(error));
                self.again.resync(Instant::now());
                false
            }
        };
        self.session = Some(session.clone());
        account.outbox.up(session);
        // Last: who waits for the login may use the connection at once.
        if accepted {
            account.establish().await;
        }
    }

    fn down(&mut self, error: Error, retry_in: Option<Duration>) {
        let account = &self.account;
        self.schedule.down();
        self.session = None;
        self.under_way = UnderWay::new();
        self.answers.clear();
        self.again = Again::default();
        account.outbox.down();
        account.direct.fail_all(&ErrorCode::Disconnected.into());
        match retry_in {
            Some(wait) => {
                let retry_in_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                account.set_connection(ConnectionState::Waiting { retry_in_ms, error: error.clone() });
                if !matches!(*account.progress.borrow(), Progress::Accepted) {
                    account.progress.send_replace(Progress::Failed(error));
                }
            }
            None => self.refused = Some(error),
        }
    }

    /// Makes the requests that are due.
    fn ask(&mut self) {
        let position = self.account.position();
        if let Some(session) = &self.session {
            session.hold_groups(position.groups);
        }
        for request in self.schedule.next(&position) {
            let (account, body) = (self.account.clone(), body_of(&request));
            self.under_way.push(Box::pin(async move {
                let result = match account.link() {
                    Ok(link) => link.request(body).await,
                    Err(error) => Err(error),
                };
                (request, result)
            }));
        }
        if self.announced_sync && self.again.is_empty() && self.schedule.is_settled(&position) {
            self.announced_sync = false;
            self.account.hub.notice(Event::SyncFinished);
            if !self.account.established {
                let account = self.account.clone();
                self.account
                    .runtime
                    .spawn(async move { account.store.cache.writer.write_home().await })
                    .detach();
            }
        }
    }

    /// Reads an answer, and lets the next request go out.
    fn answered(&mut self, request: Request, result: Result<wire::Response>) {
        self.schedule.answered(&request);
        match result.and_then(|response| inputs_of(&request, response)) {
            Ok((inputs, rest)) => {
                self.again.answered();
                self.answers.push_back(Answered { request, inputs, rest });
            }
            Err(error) => {
                tracing::debug!(code = error.code, class = error.class.name(), "a read was not answered");
                let (now, random) = (Instant::now(), random_u64());
                if self.again.refused(&mut self.schedule, request, &error, now, random) {
                    // The sync that was begun ends with this; what is missing stays noted in the store.
                    self.announced_sync = false;
                    self.account.hub.notice(Event::SyncFailed(error));
                }
            }
        }
    }

    /// Whether answers can be handed to the writer.
    fn may_write(&self) -> bool {
        !self.answers.is_empty() && self.writing.len() < WRITING
    }

    /// Hands answers to the writer, several in one transaction. While they are written, others come in and are read.
    fn write_answers(&mut self) {
        // What came in together is written together.
        while let Some(Some((request, result))) = self.under_way.next().now_or_never() {
            self.answered(request, result);
        }
        let count = self.answers.len().min(ANSWERS);
        let (mut inputs, mut applied) = (Vec::new(), Vec::with_capacity(count));
        for answered in self.answers.drain(..count) {
            inputs.extend(answered.inputs);
            applied.push((answered.request, answered.rest));
        }
        let account = self.account.clone();
        self.writing.push_back(Box::pin(async move { (applied, account.apply(inputs).await) }));
    }

    /// Takes what came of answers.
    fn written(&mut self, applied: Vec<(Request, Option<Request>)>, outcome: Result<Outcome>) {
        match outcome {
            Ok(outcome) => {
                for (request, _) in &applied {
                    self.schedule.done(request);
                }
                for rest in applied.into_iter().filter_map(|(_, rest)| rest) {
                    self.schedule.again(rest);
                }
                self.schedule.note(&outcome);
            }
            Err(error) => {
                self.account.hub.notice(Event::SyncFailed(error));
                for (request, _) in applied {
                    self.again.not_stored(&mut self.schedule, request, Instant::now());
                }
                self.again.resync(Instant::now());
            }
        }
    }

    /// Waits for what is being written: nothing of an older connection is counted among the requests of the next.
    async fn finish_writing(&mut self) {
        while let Some((applied, outcome)) = self.writing.next().await {
            self.written(applied, outcome);
        }
    }

    async fn retry(&mut self) {
        if self.again.due(&mut self.schedule, Instant::now()) {
            match self.account.apply(vec![Input::Up]).await {
                Ok(mut outcome) => {
                    outcome.hole = true;
                    self.schedule.note(&outcome);
                    if self.schedule.is_up() {
                        self.account.establish().await;
                    }
                }
                Err(_) => self.again.resync(Instant::now()),
            }
        }
    }
}
