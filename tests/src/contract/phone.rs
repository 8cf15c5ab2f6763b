//! A phone of a play: a bridge behind a network of its own, and the JavaScript contexts on it.

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

use crate::wait::PATIENCE;

/// A device of a play.
#[derive(Debug)]
pub struct Phone {
    /// Its network.
    pub proxy: FaultProxy,
    host: Host,
    bridge: Bridge,
    pages: BTreeMap<String, Page>,
}

impl Phone {
    /// A phone that has never been used.
    ///
    /// # Panics
    ///
    /// When there is no such platform, or the machine gives no port and no threads.
    pub async fn new(platform: &str, folder: &Path, server: SocketAddr) -> Self {
        let platform = match platform {
            "android" => Platform::Android,
            "ios" => Platform::Ios,
            "tablet" => Platform::Tablet,
            "desktop" => Platform::Desktop,
            "web" => Platform::Web,
            _ => panic!("there is no platform {platform}"),
        };
        let proxy = FaultProxy::start(server).await.expect("a proxy");
        let host = Host {
            documents: PathBuf::from(folder),
            platform,
            device_id: None,
            server: Some(format!("ws://{}", proxy.addr())),
            app_root: None,
        };
        let bridge = Bridge::new(host.clone()).expect("a bridge");
        Self { proxy, host, bridge, pages: BTreeMap::new() }
    }

    /// A JavaScript context on it, made when it is first named.
    pub fn page(&mut self, name: &str) -> &mut Page {
        let bridge = &self.bridge;
        self.pages.entry(name.to_owned()).or_insert_with(|| Page::new(bridge))
    }

    /// Events that came to listeners after their end, so far.
    #[must_use]
    pub fn told_too_late(&self) -> Vec<Value> {
        self.pages.values().flat_map(|page| page.heard.lock().late.clone()).collect()
    }

    /// Ends the app and starts it again on the same data.
    ///
    /// # Panics
    ///
    /// When the machine gives no threads.
    pub async fn restart(&mut self) {
        self.close().await;
        self.bridge = Bridge::new(self.host.clone()).expect("a bridge");
    }

    /// Ends the app.
    pub async fn close(&mut self) {
        self.pages.clear();
        self.bridge.close().await;
    }
}

/// A JavaScript context: what came out of it so far.
#[derive(Debug)]
pub struct Page {
    context: Context,
    heard: Arc<Heard>,
    last_call: u64,
    setters: HashMap<String, u64>,
    /// How far the events of a listener and type are taken or passed over.
    taken: HashMap<(u64, String), usize>,
    reader: JoinHandle<()>,
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
            let value = serde_json::from_str(&delivery.json).expect("a delivery is JSON");
            self.lock().add(&delivery, value);
            self.more.notify_waiters();
        }
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
    fn new(bridge: &Bridge) -> Self {
        let (context, deliveries) = bridge.context();
        let heard = Arc::new(Heard::default());
        let reader = tokio::spawn(heard.clone().read(deliveries));
        Self { context, heard, last_call: 0, setters: HashMap::new(), taken: HashMap::new(), reader }
    }

    /// Calls a method; gives the number under which its answer comes.
    pub fn call(&mut self, method: &str, params: Option<&Value>) -> u64 {
        self.last_call += 1;
        self.context.call(self.last_call, method, &params.map(Value::to_string).unwrap_or_default());
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
        self.reader.abort();
    }
}
