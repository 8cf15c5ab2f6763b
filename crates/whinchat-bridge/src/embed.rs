//! Contexts for hosts that are not Rust: known by a number. What comes is handed out by a thread of the context's own, or
//! taken by a thread of the host.
//!
//! Several contexts share one device by its name; the device's client is closed with the last of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Polling, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};

use serde::Deserialize;
use whinchat_core::{Error, ErrorCode, Platform, Result};

use crate::{Bridge, Context, Deliveries, Delivery, Host};

/// What a host says of the device, as JSON.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Config {
    documents: PathBuf,
    platform: String,
    device_id: Option<String>,
    server: Option<String>,
    app_root: Option<PathBuf>,
    #[serde(default)]
    core: String,
}

impl Config {
    /// Reads it: 6027 no JSON, 6017 something is missing or wrong.
    pub(crate) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            let code = if error.is_data() { ErrorCode::BadParameter } else { ErrorCode::NotJson };
            Error::new(code, format!("the configuration: {error}"))
        })
    }

    fn host(self) -> Result<(String, Host)> {
        let platform = match self.platform.as_str() {
            "android" => Platform::Android,
            "ios" => Platform::Ios,
            "tablet" => Platform::Tablet,
            "desktop" => Platform::Desktop,
            "web" => Platform::Web,
            other => {
                return Err(Error::new(ErrorCode::BadParameter, format!("there is no platform `{other}`")));
            }
        };
        let host = Host {
            documents: self.documents,
            platform,
            device_id: self.device_id.filter(|id| !id.is_empty()),
            server: self.server.filter(|server| !server.is_empty()),
            app_root: self.app_root,
        };
        Ok((self.core, host))
    }
}

/// The devices and contexts of this process.
#[derive(Default)]
struct Process {
    devices: Mutex<HashMap<String, Device>>,
    closed: Condvar,
    contexts: Mutex<HashMap<u64, Arc<Embedded>>>,
    numbers: AtomicU64,
}

/// A device that contexts share.
enum Device {
    Open {
        bridge: Bridge,
        contexts: usize,
    },
    /// Its files are being given back; whoever wants the name waits.
    Closing,
}

/// A context with its way out.
struct Embedded {
    core: String,
    bridge: Bridge,
    context: Mutex<Option<Context>>,
    stopped: Arc<AtomicBool>,
    way_out: WayOut,
}

/// How the host gets what comes.
enum WayOut {
    /// A thread calls it.
    Pushed(Mutex<Option<JoinHandle<()>>>),
    /// It takes.
    Pulled(Mutex<Taking>),
}

/// Deliveries that the host takes.
struct Taking {
    deliveries: Deliveries,
    /// Given out, and not yet known to have arrived.
    at_hand: Option<Delivery>,
}

static PROCESS: LazyLock<Process> = LazyLock::new(Process::default);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a context; `deliver` is called on a thread of its own, one delivery after the other.
pub(crate) fn create(config: Config, deliver: impl FnMut(Delivery) + Send + 'static) -> Result<u64> {
    open(config, |deliveries, stopped| {
        let stopped = stopped.clone();
        let work = move || hand_out(deliveries, &stopped, deliver);
        let thread = thread::Builder::new().name("whinchat-out".to_owned()).spawn(work);
        let none = |error| Error::new(ErrorCode::Internal, format!("no thread can be had: {error}"));
        Ok(WayOut::Pushed(Mutex::new(Some(thread.map_err(none)?))))
    })
}

/// Makes a context whose deliveries are taken with [`take`].
pub(crate) fn create_pulled(config: Config) -> Result<u64> {
    open(config, |deliveries, _| Ok(WayOut::Pulled(Mutex::new(Taking { deliveries, at_hand: None }))))
}

fn open(config: Config, way_out: impl FnOnce(Deliveries, &Arc<AtomicBool>) -> Result<WayOut>) -> Result<u64> {
    let (core, host) = config.host()?;
    let bridge = PROCESS.join_device(&core, host)?;
    let (context, deliveries) = bridge.context();
    let stopped = Arc::new(AtomicBool::new(false));
    let way_out = match way_out(deliveries, &stopped) {
        Ok(way_out) => way_out,
        Err(error) => {
            drop(context);
            PROCESS.leave_device(&core, &bridge);
            return Err(error);
        }
    };
    let number = PROCESS.numbers.fetch_add(1, Ordering::Relaxed) + 1;
    let embedded = Embedded { core, bridge, context: Mutex::new(Some(context)), stopped, way_out };
    lock(&PROCESS.contexts).insert(number, Arc::new(embedded));
    Ok(number)
}

/// Waits for the next delivery of a context that was made to be taken from, and gives it to `arrives`. Until that says that
/// it did, the same delivery comes again. `None`: the context is gone, or hands out by itself.
pub(crate) fn take<T>(number: u64, arrives: impl FnOnce(&Delivery) -> Option<T>) -> Option<T> {
    let embedded = PROCESS.find(number).ok()?;
    let WayOut::Pulled(taking) = &embedded.way_out else { return None };
    let mut taking = lock(taking);
    let delivery = match taking.at_hand.take() {
        Some(delivery) => delivery,
        None => wait(taking.deliveries.next())?,
    };
    if embedded.stopped.load(Ordering::SeqCst) {
        return None;
    }
    let arrived = arrives(&delivery);
    if arrived.is_none() {
        taking.at_hand = Some(delivery);
    }
    arrived
}

/// Calls a method in a context. 6013: there is no such context.
pub(crate) fn call(number: u64, id: u64, method: &str, params: &str) -> Result<()> {
    let embedded = PROCESS.find(number)?;
    match lock(&embedded.context).as_ref() {
        Some(context) => {
            context.call(id, method, params);
            Ok(())
        }
        None => Err(ErrorCode::NotInitialised.into()),
    }
}

/// The device of a context.
pub(crate) fn bridge(number: u64) -> Result<Bridge> {
    PROCESS.find(number).map(|embedded| embedded.bridge.clone())
}

/// Ends a context. When this returns, its callback does not run and never will again; called from that very callback, it is
/// the last one. Who waits to take from it is let go. With the last context of a device its client is closed, which this waits for.
pub(crate) fn destroy(number: u64) -> Result<()> {
    let embedded = lock(&PROCESS.contexts).remove(&number).ok_or(ErrorCode::NotInitialised)?;
    embedded.stopped.store(true, Ordering::SeqCst);
    drop(lock(&embedded.context).take());
    if let WayOut::Pushed(thread) = &embedded.way_out
        && let Some(thread) = lock(thread).take()
        && thread.thread().id() != thread::current().id()
    {
        // It ends by itself: a panic in it was caught.
        let _ = thread.join();
    }
    PROCESS.leave_device(&embedded.core, &embedded.bridge);
    Ok(())
}

/// Waits for a future on this thread.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Polling::from_waker(&waker)) {
            return done;
        }
        thread::park();
    }
}

fn hand_out(mut deliveries: Deliveries, stopped: &AtomicBool, mut deliver: impl FnMut(Delivery)) {
    while let Some(delivery) = wait(deliveries.next()) {
        if stopped.load(Ordering::SeqCst) {
            return;
        }
        deliver(delivery);
    }
}

impl Process {
    fn find(&self, number: u64) -> Result<Arc<Embedded>> {
        lock(&self.contexts).get(&number).cloned().ok_or_else(|| ErrorCode::NotInitialised.into())
    }

    /// The device of this name, made if it is the first to name it.
    fn join_device(&self, name: &str, host: Host) -> Result<Bridge> {
        let mut devices = lock(&self.devices);
        loop {
            match devices.entry(name.to_owned()) {
                Entry::Occupied(mut device) => match device.get_mut() {
                    Device::Open { bridge, contexts } => {
                        *contexts += 1;
                        return Ok(bridge.clone());
                    }
                    Device::Closing => {}
                },
                Entry::Vacant(vacant) => {
                    let bridge = Bridge::new(host)?;
                    vacant.insert(Device::Open { bridge: bridge.clone(), contexts: 1 });
                    return Ok(bridge);
                }
            }
            devices = self.closed.wait(devices).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn leave_device(&self, name: &str, bridge: &Bridge) {
        let last = match lock(&self.devices).get_mut(name) {
            Some(device) => match device {
                Device::Open { contexts, .. } if *contexts > 1 => {
                    *contexts -= 1;
                    false
                }
                _ => {
                    *device = Device::Closing;
                    true
                }
            },
            None => false,
        };
        if last {
            wait(bridge.close());
            lock(&self.devices).remove(name);
            self.closed.notify_all();
        }
    }
}
