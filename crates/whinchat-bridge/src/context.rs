//! A JavaScript context: the order of its calls, its listeners, its way out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::{RwLock, mpsc, watch};
use tokio::task::JoinSet;
use whinchat_core::{Client, Error, ErrorCode, Result, TaskHandle};

use crate::answer;
use crate::bridge::Device;
use crate::delivery::{Deliveries, Out};
use crate::event::sending::{OnError, OnSuccess};
use crate::event::{self, Event, Listener};
use crate::params::Given;
use crate::profile::Profile;
use crate::table::{self, Entry, Kind, Need, Started};
use crate::view::Nothing;
use crate::view::message::Message;

/// Calls of one context that have no answer yet; further ones are refused with 9507.
const CALLS: usize = 4_096;

/// A JavaScript context of a device: a page of the simulator, the service layer or an nvue page of an app. Dropping it ends
/// its listeners and its calls.
#[derive(Debug)]
pub struct Context {
    jobs: mpsc::UnboundedSender<Job>,
    running: Arc<AtomicUsize>,
    out: Arc<Out>,
    _lane: TaskHandle,
    _pump: TaskHandle,
}

/// A call that waits for its turn.
struct Job {
    id: u64,
    entry: &'static Entry,
    given: Given,
    _counted: Counted,
}

/// Counts a call for as long as it has no answer.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn begin(running: &Arc<AtomicUsize>) -> Result<Self> {
        let begun =
            running.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < CALLS).then_some(n + 1));
        match begun {
            Ok(_) => Ok(Self(running.clone())),
            Err(_) => Err(Error::new(
                ErrorCode::TooManyInFlight,
                format!("{CALLS} calls wait for an answer; wait for some of them"),
            )),
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What a method's function is given beside its parameters.
#[derive(Clone)]
pub(crate) struct Call {
    /// The device.
    pub(crate) device: Arc<Device>,
    /// The listeners of the context that calls.
    pub(crate) ears: Arc<Ears>,
    /// Held, to be read, by each message of the context that was begun and is not durable yet.
    pub(crate) pending: Arc<RwLock<()>>,
}

impl Call {
    /// The client; there is one when the entry of the table says that the method needs it.
    pub(crate) fn client(&self) -> Result<Client> {
        self.device.client()
    }

    /// The limits that hold.
    pub(crate) fn profile(&self) -> &'static Profile {
        self.device.settings().as_ref().map_or_else(Default::default, |settings| settings.profile)
    }
}

impl Context {
    pub(crate) fn new(device: &Arc<Device>) -> (Self, Deliveries) {
        let out = Arc::new(Out::default());
        let ears = Arc::new(Ears { out: out.clone(), listening: Mutex::default() });
        // Bounded by `CALLS`: every job holds its count.
        let (jobs, turns) = mpsc::unbounded_channel();
        device.hear(&ears);
        let call = Call { device: device.clone(), ears, pending: Arc::default() };
        let pump = device.runtime.spawn(pump(device.clients(), call.clone()));
        let lane = device.runtime.spawn(lane(turns, call, out.clone()));
        let context = Self { jobs, running: Arc::default(), out: out.clone(), _lane: lane, _pump: pump };
        (context, Deliveries::new(out))
    }

    /// Calls a method. It returns at once, blocks nothing and never panics; the answer comes as a [`crate::Delivery`] with
    /// this `id`: exactly one with `keep` false for an ordinary method, and one with `keep` true for each event for the setter
    /// of a listener. Calls begin in the order in which they are made here. `params` is JSON, or empty.
    pub fn call(&self, id: u64, method: &str, params: &str) {
        let refused = match table::find(method) {
            None => {
                let what = if table::later().any(|name| name == method) {
                    format!("`{method}` is not served yet")
                } else {
                    format!("there is no method `{method}`")
                };
                let error = Error::new(ErrorCode::Unsupported, what);
                Some(answer::bare_failure(&error))
            }
            Some(entry) => self.queue(id, entry, params).err().map(|error| (entry.failure)(&error)),
        };
        if let Some(failure) = refused {
            self.out.result(id, failure);
        }
    }

    fn queue(&self, id: u64, entry: &'static Entry, params: &str) -> Result<()> {
        let counted = Counted::begin(&self.running)?;
        let given = Given::parse(params)?;
        self.jobs.send(Job { id, entry, given, _counted: counted }).map_err(|_| ErrorCode::Interrupted.into())
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        self.out.close();
    }
}

/// Begins the calls in order. What is left of them runs in tasks of its own, which end with this one: the rest of a call may
/// hold what the beginning of the next one waits for.
async fn lane(mut turns: mpsc::UnboundedReceiver<Job>, call: Call, out: Arc<Out>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            job = turns.recv() => {
                let Some(job) = job else { return };
                if let Some(rest) = begin(job, &call, &out).await {
                    running.spawn(rest);
                }
            }
            Some(_) = running.join_next() => {}
        }
    }
}

/// Begins a call; gives what is left to be waited for.
async fn begin(job: Job, call: &Call, out: &Arc<Out>) -> Option<BoxFuture<'static, ()>> {
    let Job { id, entry, given, _counted } = job;
    tracing::debug!(method = entry.name, id, "called");
    if let Err(error) = allowed(entry.need, &call.device) {
        out.result(id, (entry.failure)(&error));
        return None;
    }
    let serve = match entry.kind {
        Kind::Call(serve) => serve,
        Kind::Listen(listener) => {
            call.ears.listen(listener, id);
            return None;
        }
        Kind::Unlisten(listener) => {
            call.ears.forget(listener);
            out.result(id, answer::result(&Ok(Nothing {})));
            return None;
        }
    };
    if !entry.burst {
        // It is to see what was sent before it.
        drop(call.pending.write().await);
    }
    match serve(call.clone(), given).await {
        Started::Done(json) => {
            out.result(id, json);
            None
        }
        Started::Later(rest) => {
            let out = out.clone();
            Some(Box::pin(async move {
                let json = rest.await;
                drop(_counted);
                out.result(id, json);
            }))
        }
    }
}

fn allowed(need: Need, device: &Device) -> Result<()> {
    match need {
        Need::Nothing => Ok(()),
        Need::Init => device.client().map(drop),
        Need::Login => match device.client()?.user() {
            Some(_) => Ok(()),
            None => Err(ErrorCode::NotLoggedIn.into()),
        },
    }
}

/// Hears every client that the device has, one after the other.
async fn pump(mut clients: watch::Receiver<Option<Client>>, call: Call) {
    loop {
        // Taken before anybody can log in with it: nothing is missed.
        let events =
            clients.borrow_and_update().as_ref().map(|client| (client.events(), client.heartbeats()));
        if let Some((events, beats)) = events {
            event::run(events, beats, call.clone()).await;
        }
        if clients.changed().await.is_err() {
            return;
        }
    }
}

/// The listeners of a context: the id of the call that set each.
#[derive(Debug)]
pub(crate) struct Ears {
    out: Arc<Out>,
    listening: Mutex<HashMap<Listener, u64>>,
}

impl Ears {
    fn listening(&self) -> std::sync::MutexGuard<'_, HashMap<Listener, u64>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(&self, listener: Listener, id: u64) {
        self.listening().insert(listener, id);
    }

    fn forget(&self, listener: Listener) {
        self.listening().remove(&listener);
    }

    /// Lets every callback go.
    pub(crate) fn forget_all(&self) {
        self.listening().clear();
    }

    /// Whether the context is gone; a call of it may still be running.
    pub(crate) fn are_gone(&self) -> bool {
        self.out.is_closed()
    }

    /// Whether there is a listener: what it would be told need not be made otherwise.
    pub(crate) fn hear(&self, listener: Listener) -> bool {
        self.listening().contains_key(&listener)
    }

    /// Tells what became of a message that was sent.
    pub(crate) async fn tell_sent(&self, key: &str, id: &str, outcome: &Result<Message>) {
        let (message_key, msg_id) = (key.to_owned(), id.to_owned());
        match outcome {
            Ok(message) => {
                self.tell(&OnSuccess { message_key, msg_id, message: Some(message.clone()) }).await;
            }
            Err(error) => {
                let (code, msg) = (error.code, error.message.clone());
                self.tell(&OnError { message_key, msg_id, code, msg }).await;
            }
        }
    }

    /// Listeners of a context that nobody set any in.
    #[cfg(test)]
    pub(crate) fn deaf() -> Self {
        Self { out: Arc::default(), listening: Mutex::default() }
    }

    /// Calls the listener of this event, if there is one.
    pub(crate) async fn tell<E: Event>(&self, event: &E) {
        if self.hear(E::LISTENER) {
            // Asked for again when it goes out: it may be removed or replaced while there is no room.
            let listens = || self.listening().get(&E::LISTENER).copied();
            self.out.event(listens, answer::event(event)).await;
        }
    }
}
