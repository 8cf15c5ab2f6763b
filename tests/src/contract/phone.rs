//! A phone of a play behind a network of its own, and the JavaScript contexts on it: a bridge, or the process of a host.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use whinchat_bridge::{Bridge, Context, Deliveries, Delivery, Host};
use whinchat_cli::fault::FaultProxy;
use whinchat_core::Platform;

use super::process::{Caller, HostProcess, Program};
use crate::wait::PATIENCE;

/// A device of a play.
#[derive(Debug)]
pub struct Phone {
    /// Its network.
    pub proxy: FaultProxy,
    app: App,
    pages: BTreeMap<String, Page>,
    /// Rules that its host saw broken.
    faults: Vec<String>,
}

/// What runs on it.
#[derive(Debug)]
enum App {
    /// A bridge in this process.
    Bridge { host: Host, bridge: Bridge },
    /// The shell of a platform in a process of its own.
    Process { start: Box<Start>, process: Option<Box<HostProcess>> },
}

/// How a process is started, again and again.
#[derive(Clone, Debug)]
struct Start {
    program: Program,
    documents: PathBuf,
    platform: String,
    server: String,
}

impl Start {
    async fn run(&self) -> Box<HostProcess> {
        let process = HostProcess::start(&self.program, &self.documents, &self.platform, &self.server);
        Box::new(process.await)
    }
}

impl Phone {
    /// A phone that has never been used.
    ///
    /// # Panics
    ///
    /// When there is no such platform, or the machine gives no port and no threads.
    pub async fn new(program: Option<&Program>, platform: &str, folder: &Path, server: SocketAddr) -> Self {
        let proxy = FaultProxy::start(server).await.expect("a proxy");
        let server = format!("ws://{}", proxy.addr());
        let app = match program {
            Some(program) => {
                let (program, documents) = (program.clone(), PathBuf::from(folder));
                let start = Box::new(Start { program, documents, platform: platform.to_owned(), server });
                let process = Some(start.run().await);
                App::Process { start, process }
            }
            None => {
                let host = Host {
                    documents: PathBuf::from(folder),
                    platform: named(platform),
                    device_id: None,
                    server: Some(server),
                    app_root: None,
                };
                let bridge = Bridge::new(host.clone()).expect("a bridge");
                App::Bridge { host, bridge }
            }
        };
        Self { proxy, app, pages: BTreeMap::new(), faults: Vec::new() }
    }

    /// A JavaScript context on it, made when it is first named.
    pub fn page(&mut self, name: &str) -> &mut Page {
        let app = &self.app;
        self.pages.entry(name.to_owned()).or_insert_with(|| match app {
            App::Bridge { bridge, .. } => Page::of_bridge(bridge),
            App::Process { process, .. } => {
                Page::of_process(process.as_ref().expect("a process that runs"), name)
            }
        })
    }

    /// The rules that its host saw broken; known once it is closed.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Events that came to listeners after their end, so far.
    #[must_use]
    pub fn told_too_late(&self) -> Vec<Value> {
        self.pages.values().flat_map(|page| page.heard.lock().late.clone()).collect()
    }

    /// Ends the app and starts it again on the same data: a process is killed.
    ///
    /// # Panics
    ///
    /// When the machine gives no threads.
    pub async fn restart(&mut self) {
        self.pages.clear();
        match &mut self.app {
            App::Bridge { host, bridge } => {
                bridge.close().await;
                *bridge = Bridge::new(host.clone()).expect("a bridge");
            }
            App::Process { start, process } => {
                if let Some(process) = process.take() {
                    self.faults.extend(process.faults());
                    process.kill().await;
                }
                *process = Some(start.run().await);
            }
        }
    }

    /// Ends the app.
    pub async fn close(&mut self) {
        self.pages.clear();
        match &mut self.app {
            App::Bridge { bridge, .. } => bridge.close().await,
            App::Process { process, .. } => {
                if let Some(process) = process.take() {
                    self.faults.extend(process.quit().await);
                }
            }
        }
    }
}

fn named(platform: &str) -> Platform {
    match platform {
        "android" => Platform::Android,
        "ios" => Platform::Ios,
        "tablet" => Platform::Tablet,
        "desktop" => Platform::Desktop,
        "web" => Platform::Web,
        _ => panic!("there is no platform {platform}"),
    }
}

/// A JavaScript context: what came out of it so far.
#[derive(Debug)]
pub struct Page {
    context: Calls,
    heard: Arc<Heard>,
    last_call: u64,
    setters: HashMap<String, u64>,
    /// How far the events of a listener and type are taken or passed over.
    taken: HashMap<(u64, String), usize>,
    reader: Option<JoinHandle<()>>,
}

/// The way in.
#[derive(Debug)]
enum Calls {
    Bridge(Context),
    Process(Caller),
}

#[derive(Debug, Default)]
struct Heard {
    all: Mutex<All>,
    more: Notify,
}

#[derive(Debug, Default)]
struct All {
    answers: HashMap<u64, Vec<Value>>,
    events: HashMap<u64, Vec<Value>>,
    /// The listeners that a call ends, by the call.
    ends: HashMap<u64, Vec<u64>>,
    /// Those whose end was answered, or whose successor was told something.
    over: HashSet<u64>,
    /// What came to them all the same.
    late: Vec<Value>,
}

impl All {
    fn add(&mut self, delivery: &Delivery, value: Value) {
        let of = if delivery.keep { &mut self.events } else { &mut self.answers };
        of.entry(delivery.call).or_default().push(value.clone());
        if delivery.keep && self.over.contains(&delivery.call) {
            self.late.push(value);
        }
        self.over.extend(self.ends.remove(&delivery.call).unwrap_or_default());
    }
}

/// Which listeners of a context a call ends.
#[derive(Clone, Copy, Debug)]
pub enum Ended<'a> {
    /// None.
    None,
    /// The one whose setter has this name behind its `set`.
    One(&'a str),
    /// Every one.
    All,
}

impl Heard {
    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(self: Arc<Self>, mut deliveries: Deliveries) {
        while let Some(delivery) = deliveries.next().await {
            self.take(&delivery);
        }
    }

    fn take(&self, delivery: &Delivery) {
        let value = serde_json::from_str(&delivery.json).expect("a delivery is JSON");
        self.lock().add(delivery, value);
        self.more.notify_waiters();
    }

    /// Waits until `pick` finds something, or gives up.
    async fn wait<T>(&self, mut pick: impl FnMut(&All) -> Option<T>) -> Option<T> {
        let look = async {
            loop {
                let mut more = std::pin::pin!(self.more.notified());
                more.as_mut().enable();
                if let Some(found) = pick(&self.lock()) {
                    return found;
                }
                more.await;
            }
        };
        tokio::time::timeout(PATIENCE, look).await.ok()
    }
}

impl Page {
    fn of_bridge(bridge: &Bridge) -> Self {
        let (context, deliveries) = bridge.context();
        let heard = Arc::new(Heard::default());
        let reader = tokio::spawn(heard.clone().read(deliveries));
        Self::new(Calls::Bridge(context), heard, Some(reader))
    }

    fn of_process(process: &HostProcess, name: &str) -> Self {
        // A page without a name is the first one.
        let name = if name.is_empty() { "service" } else { name };
        let heard = Arc::new(Heard::default());
        let outlet = heard.clone();
        process.open(name, move |delivery| outlet.take(&delivery));
        Self::new(Calls::Process(process.caller(name)), heard, None)
    }

    fn new(context: Calls, heard: Arc<Heard>, reader: Option<JoinHandle<()>>) -> Self {
        Self { context, heard, last_call: 0, setters: HashMap::new(), taken: HashMap::new(), reader }
    }

    /// Calls a method; gives the number under which its answer comes.
    pub fn call(&mut self, method: &str, params: Option<&Value>) -> u64 {
        self.last_call += 1;
        match &self.context {
            Calls::Bridge(context) => {
                context.call(self.last_call, method, &params.map(Value::to_string).unwrap_or_default());
            }
            Calls::Process(caller) => caller.call(self.last_call, method, params),
        }
        self.last_call
    }

    /// Calls the setter of a listener; its events are taken under the setter's name.
    pub fn listen(&mut self, spelled: &str, setter: &str, params: Option<&Value>) {
        let before = self.setters.remove(setter);
        // Registered first: an event may come before the call has returned.
        self.heard.lock().ends.insert(self.last_call + 1, before.into_iter().collect());
        let call = self.call(spelled, params);
        self.setters.insert(setter.to_owned(), call);
    }

    /// Calls a method whose answer ends listeners.
    pub fn end(&mut self, ended: Ended<'_>, method: &str, params: Option<&Value>) -> u64 {
        let over = match ended {
            Ended::None => Vec::new(),
            Ended::One(listener) => {
                self.setters.get(&format!("set{listener}")).copied().into_iter().collect()
            }
            Ended::All => self.setters.values().copied().collect(),
        };
        self.heard.lock().ends.insert(self.last_call + 1, over);
        self.call(method, params)
    }

    /// The answer of a call. `None`: it did not come in time.
    pub async fn answer(&self, call: u64) -> Option<Value> {
        self.heard.wait(|all| all.answers.get(&call).and_then(|answers| answers.first().cloned())).await
    }

    /// The next event of a type that is right; those of the type before it are passed over, for the order between types is
    /// nobody's promise. The error holds the events that came.
    ///
    /// # Errors
    ///
    /// What came instead.
    pub async fn event(
        &mut self,
        setter: &str,
        kind: &str,
        mut right: impl FnMut(&Value) -> bool,
    ) -> Result<Value, Vec<Value>> {
        let call = self.setters.get(setter).copied().unwrap_or_default();
        let taken = self.taken.entry((call, kind.to_owned())).or_default();
        let from = *taken;
        let mut seen = from;
        let found = self
            .heard
            .wait(|all| {
                let events = all.events.get(&call)?;
                let n = events.iter().skip(seen).position(&mut right).map(|n| seen + n);
                seen = events.len();
                n.and_then(|n| Some((n, events.get(n)?.clone())))
            })
            .await;
        match found {
            Some((n, event)) => {
                *taken = n + 1;
                Ok(event)
            }
            None => Err(self.events_since(call, from)),
        }
    }

    /// How many events of a listener lie before the next one of this type that a step may take.
    #[must_use]
    pub fn taken(&self, setter: &str, kind: &str) -> usize {
        let call = self.setters.get(setter).copied().unwrap_or_default();
        self.taken.get(&(call, kind.to_owned())).copied().unwrap_or_default()
    }

    /// The events of a listener from one to before another.
    #[must_use]
    pub fn events(&self, setter: &str, from: usize, to: usize) -> Vec<Value> {
        let call = self.setters.get(setter).copied().unwrap_or_default();
        let mut events = self.events_since(call, from);
        events.truncate(to.saturating_sub(from));
        events
    }

    fn events_since(&self, call: u64, from: usize) -> Vec<Value> {
        self.heard
            .lock()
            .events
            .get(&call)
            .map(|events| events.iter().skip(from).cloned().collect())
            .unwrap_or_default()
    }

    /// Calls that were answered more than once.
    #[must_use]
    pub fn answered_twice(&self) -> Vec<u64> {
        let all = self.heard.lock();
        all.answers.iter().filter(|(_, answers)| answers.len() > 1).map(|(call, _)| *call).collect()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(reader) = &self.reader {
            reader.abort();
        }
    }
}
