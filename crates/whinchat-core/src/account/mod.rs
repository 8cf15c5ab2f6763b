//! One user's session on this device: his store, his outbox, his connection.
//!
//! One task ([`run`]) takes everything the server says, applies it and acts on it; the others only feed it. What the app
//! asks goes through [`read`], [`send`], [`history`] and [`mutate`].

mod again;
mod answer;
mod chores;
mod delete;
mod expiry;
mod history;
mod lifetime;
mod lost;
mod missing;
mod mutate;
mod read;
mod reads;
mod run;
mod send;
mod typing;

#[cfg(test)]
mod account_test;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{mpsc, watch};
use whinchat_proto::id::{SessionId, UserId};
use whinchat_proto::limits::RECENT_ENTRIES;
use whinchat_proto::wire;

pub(crate) use history::Place;
pub(crate) use lifetime::Kept;
pub(crate) use read::{not_stored, view, waiting_message};
pub(crate) use run::run;

use crate::connection::{HelloSource, Link};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ConnectionState, Event, Hub};
use crate::message::MessageId;
use crate::outbox::{self, Outbox};
use crate::platform::{Clock, Runtime, SystemClock, TaskHandle, sleep};
use crate::store::{ItemKind, ItemState, OutboxRow, SetAside, SqliteLogs, Store, query};
use crate::sync::{self, Input, Outcome, Position};
use expiry::Expiry;
use missing::Missing;
use mutate::Direct;
use typing::Typing;

/// Settled outbox rows that wait to be deleted. When full the answers wait: they are the ones that cause it.
const SETTLED: usize = 1_024;

/// How a login goes.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    /// The first attempt runs.
    Trying,
    /// An attempt failed; the next follows by itself.
    Failed(Error),
    /// The server has accepted, and the first page of what changed is stored.
    Accepted,
    /// The server has refused for good.
    Refused(Error),
    /// It was closed before it came to that.
    Closed,
}

/// What the next Hello says.
struct Greeting {
    session: Option<SessionId>,
    credential: String,
    position: Position,
}

/// One user's open session.
pub(crate) struct Account {
    pub(crate) me: UserId,
    pub(crate) store: Store,
    pub(crate) outbox: Outbox,
    /// The user was logged in on this device before: what is stored can be used without a network.
    pub(crate) established: bool,
    accepted: AtomicBool,
    hub: Arc<Hub>,
    runtime: Arc<Runtime>,
    greeting: Arc<Mutex<Greeting>>,
    link: OnceLock<Link>,
    direct: Direct,
    missing: Missing,
    typing: Mutex<Typing>,
    settled: mpsc::Sender<i64>,
    connection: watch::Sender<ConnectionState>,
    expiry: Expiry,
    /// Where a notification extension leaves messages.
    inbox: std::path::PathBuf,
    progress: watch::Sender<Progress>,
}

/// What only the account's own task uses.
pub(crate) struct Ends {
    settled: mpsc::Receiver<i64>,
    /// Messages that an earlier process announced and the app did not take.
    untold: Vec<(whinchat_proto::id::ConversationId, u64, u64)>,
}

struct Hello(Arc<Mutex<Greeting>>);

fn locked(greeting: &Mutex<Greeting>) -> MutexGuard<'_, Greeting> {
    greeting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HelloSource for Hello {
    fn cursor(&self) -> wire::Cursor {
        let greeting = locked(&self.0);
        wire::Cursor {
            epoch: greeting.position.epoch,
            version: greeting.position.top,
            groups: greeting.position.groups,
        }
    }

    fn deleted_since(&self) -> Option<u64> {
        locked(&self.0).position.deleted_since()
    }

    fn session(&self) -> Option<SessionId> {
        locked(&self.0).session
    }

    fn forget_session(&self) -> bool {
        locked(&self.0).session.take().is_some()
    }

    fn credential(&self) -> String {
        locked(&self.0).credential.clone()
    }
}

/// What the files held: the outbox, whether the user was logged in before, the position, messages to announce again.
type Loaded = (Vec<OutboxRow>, bool, Position, Vec<(whinchat_proto::id::ConversationId, u64, u64)>);

/// Which file could not be loaded.
enum Unloaded {
    Own(Error),
    Cache(Error),
}

async fn open_store(
    runtime: &Arc<Runtime>,
    folder: &Path,
    is_cache_damaged: bool,
) -> Result<(Store, Option<SetAside>)> {
    let (runtime_of_store, folder) = (runtime.clone(), folder.to_owned());
    runtime.spawn_blocking(move || Store::open(&runtime_of_store, &folder, is_cache_damaged)).await?
}

impl Account {
    /// Opens the files in `folder` and loads what waits. No network is needed.
    pub(crate) async fn open(
        runtime: &Arc<Runtime>,
        hub: &Arc<Hub>,
        folder: &Path,
        who: Kept,
    ) -> Result<(Arc<Self>, Ends)> {
        let Kept { me, credential, session, accepted, woken, told_expiry_ms, .. } = who;
        let (mut store, mut set_aside) = open_store(runtime, folder, false).await?;
        let mut loaded = Self::load(&store, &me).await;
        if let Err(Unloaded::Cache(error)) = &loaded
            && error.is(ErrorCode::StoreUnreadable)
        {
            // It opens, and is damaged inside.
            store.close().await;
            (store, set_aside) = open_store(runtime, folder, true).await?;
            loaded = Self::load(&store, &me).await;
        }
        let (rows, established, position, waiting) = match loaded {
            Ok(loaded) => loaded,
            Err(Unloaded::Own(error) | Unloaded::Cache(error)) => {
                store.close().await;
                return Err(error);
            }
        };
        let outbox = Outbox::default();
        let queued = rows.iter().filter_map(outbox::input).collect();
        for row in rows {
            outbox.lanes().add(row, true);
        }
        let (settled, settled_end) = mpsc::channel(SETTLED);
        let account = Arc::new(Self {
            me,
            store,
            outbox,
            established,
            accepted: AtomicBool::new(accepted),
            hub: hub.clone(),
            runtime: runtime.clone(),
            greeting: Arc::new(Mutex::new(Greeting { session, credential, position })),
            link: OnceLock::new(),
            direct: Direct::default(),
            missing: Missing::default(),
            typing: Mutex::default(),
            settled,
            connection: watch::Sender::new(ConnectionState::Connecting),
            expiry: Expiry::kept(told_expiry_ms),
            inbox: crate::inbox::folder(folder),
            progress: watch::Sender::new(Progress::Trying),
        });
        if let Err(error) = account.apply_again(queued).await {
            account.store.close().await;
            return Err(error);
        }
        if let Some(aside) = set_aside {
            hub.notice(Event::StoreReset { set_aside: aside.0.display().to_string() });
        }
        // What waits with the listeners is not announced to them a second time.
        let untold = if woken { Vec::new() } else { waiting };
        Ok((account, Ends { settled: settled_end, untold }))
    }

    async fn load(store: &Store, me: &UserId) -> Result<Loaded, Unloaded> {
        let (rows, established) = store
            .own
            .readers
            .read(|own| Ok((query::all(own)?, query::account(own, "established")?.is_some())))
            .await
            .map_err(|error| Unloaded::Own(Store::name_own(error)))?;
        let rows = Self::reconcile(store, me, rows).await.map_err(Unloaded::Cache)?;
        let (position, waiting) = store
            .cache
            .readers
            .read(|cache| Ok((query::position(cache)?, query::redeliver(cache, RECENT_ENTRIES as u64)?)))
            .await
            .map_err(Unloaded::Cache)?;
        Ok((rows, established, position, waiting))
    }

    /// Drops rows whose answers were applied when the process ended, and puts the others into the conversation list.
    async fn reconcile(store: &Store, me: &UserId, rows: Vec<OutboxRow>) -> Result<Vec<OutboxRow>> {
        if rows.is_empty() {
            return Ok(rows);
        }
        let me = me.clone();
        let (settled, waiting) = store
            .cache
            .writer
            .write(move |cache| {
                let (mut settled, mut waiting) = (Vec::new(), Vec::new());
                for row in rows {
                    let is_shown = row.kind == ItemKind::Message && row.state != ItemState::Deleting;
                    if is_shown && query::is_stored(cache, &row, &me)? {
                        settled.push(row.position);
                    } else {
                        // Reading and deleting are no activity: they lift nothing.
                        if is_shown {
                            query::bump(cache, &row.conversation, row.created_ms)?;
                        }
                        waiting.push(row);
                    }
                }
                Ok((settled, waiting))
            })
            .await?;
        let delete =
            move |own: &rusqlite::Connection| settled.iter().try_for_each(|at| query::delete(own, *at));
        store.own.writer.write(delete).await?;
        Ok(waiting)
    }

    /// What the connection asks at each attempt.
    pub(crate) fn hello(&self) -> Arc<dyn HelloSource> {
        Arc::new(Hello(self.greeting.clone()))
    }

    /// Gives the account its connection; done once, right after opening.
    pub(crate) fn attach(&self, link: Link) {
        drop(self.link.set(link));
    }

    /// The connection.
    pub(crate) fn link(&self) -> Result<&Link> {
        self.link.get().ok_or_else(|| ErrorCode::Disconnected.into())
    }

    /// A fresh credential for the next attempt.
    pub(crate) fn set_credential(&self, credential: String) {
        locked(&self.greeting).credential = credential;
    }

    /// Who is told of changes.
    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Runs a task on the client's own threads until it ends or the handle is dropped.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> TaskHandle {
        self.runtime.spawn(task)
    }

    /// Waits, also on an executor that has no clock of its own.
    pub(crate) async fn wait(&self, time: std::time::Duration) {
        self.runtime.within(sleep(time)).await;
    }

    /// The wall clock.
    pub(crate) fn now_ms(&self) -> i64 {
        SystemClock.now_ms()
    }

    /// How the login goes.
    pub(crate) fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Whether the server can be reached.
    pub(crate) fn connection(&self) -> ConnectionState {
        self.connection.borrow().clone()
    }

    fn set_connection(&self, state: ConnectionState) {
        self.connection.send_replace(state.clone());
        self.hub.notice(Event::ConnectionChanged(state));
    }

    /// Applies what the server said, in one transaction, and queues its events in commit order.
    pub(crate) async fn apply(self: &Arc<Self>, inputs: Vec<Input>) -> Result<Outcome> {
        if inputs.is_empty() {
            return Ok(Outcome::default());
        }
        let (account, told) = (self.clone(), self.clone());
        let work = move |connection: &rusqlite::Connection| {
            let fate = |id| account.outbox.fate(id);
            let mut logs = SqliteLogs::new(connection, &account.me, &fate);
            let mut outcome = Outcome::default();
            for input in inputs {
                sync::apply(&mut logs, input, &mut outcome)?;
            }
            let (requeued, position) = logs.finish()?;
            let queued_again: Vec<_> = requeued
                .iter()
                .map(|lost| {
                    let id = MessageId::form(lost.client_id, &account.me, &lost.conversation, &account.me);
                    (id, lost.conversation.clone())
                })
                .collect();
            // Before this transaction commits: what it forgets must stand in the outbox by then.
            account.requeue(requeued, &outcome.forgotten)?;
            Ok((outcome, position, queued_again))
        };
        let (outcome, ..) = self
            .store
            .cache
            .writer
            .write_then(work, move |(outcome, position, queued_again)| {
                locked(&told.greeting).position = position.clone();
                told.hub.outcome(outcome);
                for (conversation, messages) in &outcome.deleted {
                    told.hub.deleted(conversation, told.ids_of_deleted(conversation, messages));
                }
                for (id, conversation) in queued_again {
                    told.hub.message(id, conversation);
                }
            })
            .await?;
        if outcome.begun {
            // Rare, and a power cut would take the conversation with everything that was announced of it.
            let account = self.clone();
            self.runtime.spawn(async move { account.store.cache.writer.write_home().await }).detach();
        }
        Ok(outcome)
    }

    /// Whether the server has accepted this login at least once.
    pub(crate) fn was_accepted(&self) -> bool {
        self.accepted.load(Ordering::Acquire)
    }

    /// The position that is stored.
    fn position(&self) -> Position {
        locked(&self.greeting).position.clone()
    }

    /// Leaves the server; with `logout` it forgets this session. Everything is written and closed when this returns.
    pub(crate) async fn close(&self, logout: bool) {
        if let Some(link) = self.link.get() {
            link.stop(logout).await;
        }
        let mut progress = self.progress();
        drop(progress.wait_for(|progress| matches!(progress, Progress::Closed | Progress::Refused(_))).await);
    }
}
