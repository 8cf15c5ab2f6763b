//! A page that has a device: its calls, its deliveries, its end.

use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;
use whinchat_bridge::{Bridge, Context, Deliveries, Delivery, Host};

use super::detour::Detour;
use super::device::{Device, Network};
use super::frame::{self, Frame, Hello};
use super::socket::Socket;
use super::world::World;
use crate::admin::Platform;

/// Told to a page whose device was taken over.
const TAKEN_OVER: u16 = 4_001;
/// How long a page may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long a device may take to write what waits and give its folder back.
const CLOSING: Duration = Duration::from_secs(10);
/// Deliveries that are written together at most.
const BATCH: u32 = 64;

/// Why a session ends.
enum End {
    /// The page went.
    Gone,
    /// Another page took the device.
    Displaced,
    /// The simulator stops.
    Stopping,
    /// A frame was too large.
    TooLarge,
    /// The device does not start.
    Fault(String),
}

impl End {
    fn farewell(&self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::Displaced => (CloseCode::from(TAKEN_OVER), "another page took this device".into()),
            Self::Stopping => (CloseCode::Away, "the simulator stops".into()),
            Self::TooLarge => (CloseCode::Size, "a frame was too large".into()),
            Self::Fault(sentence) => (CloseCode::Error, sentence.clone().into()),
        };
        Some(CloseFrame { code, reason })
    }
}

/// Serves a page until it goes, is put out, or the simulator stops. The device is free when its bridge is closed.
pub(super) async fn run(world: &World, device: &Device, platform: Platform, mut socket: Socket) {
    let displaced = device.displace();
    let stopped = async |displaced: &CancellationToken| {
        tokio::select! {
            () = displaced.cancelled() => End::Displaced,
            () = world.ending.cancelled() => End::Stopping,
        }
    };
    let turn = tokio::select! {
        biased;
        end = stopped(&displaced) => return say_goodbye(socket, &end).await,
        turn = device.turn() => turn,
    };
    let host = Host {
        documents: device.documents(),
        platform: platform.into(),
        device_id: Some(device.name.clone()),
        server: Some(device.server.clone()),
        app_root: Some(world.pages.folder().map_or_else(|| device.folder.join("_www"), Into::into)),
    };
    let bridge = match Bridge::new(host) {
        Ok(bridge) => bridge,
        Err(error) => return say_goodbye(socket, &End::Fault(error.message.to_string())).await,
    };
    let end = {
        let (context, deliveries) = bridge.context();
        let mut page = Page {
            socket: &mut socket,
            context,
            network: Detour { around: world.upstream.url(), through: &device.server },
            deliveries,
            sent: 0,
            handled: 0,
            most: world.limits.unacknowledged,
        };
        let hello = hello(world, device, platform);
        tokio::select! {
            biased;
            end = stopped(&displaced) => end,
            end = page.serve(&hello) => end,
            end = tell_network(device, &bridge) => end,
        }
    };
    let closing = async {
        if tokio::time::timeout(CLOSING, bridge.close()).await.is_err() {
            tracing::warn!(device = %device.name, "the device did not close in time");
        }
        drop(turn);
    };
    tokio::join!(closing, say_goodbye(socket, &end));
}

/// Tells the core what a phone's system would.
async fn tell_network(device: &Device, bridge: &Bridge) -> End {
    let mut network = device.watch_network();
    while network.changed().await.is_ok() {
        if *network.borrow_and_update() == Network::Open {
            bridge.network_changed();
        }
    }
    End::Stopping
}

fn hello(world: &World, device: &Device, platform: Platform) -> String {
    let documents = device.documents();
    let www = world.pages.folder().map_or_else(|| device.folder.join("_www"), Into::into);
    frame::hello(&Hello {
        version: env!("CARGO_PKG_VERSION"),
        device: &device.name,
        platform: platform.name(),
        doc_path: documents.to_string_lossy(),
        www_path: www.to_string_lossy(),
        methods: whinchat_bridge::methods().chain(whinchat_bridge::later()).collect(),
        server: &device.server,
        app_id: world.upstream.app_id(),
    })
}

/// The page while it has the device.
struct Page<'a> {
    socket: &'a mut Socket,
    context: Context,
    network: Detour<'a>,
    deliveries: Deliveries,
    /// Deliveries that were sent, and those that the page says it has handled.
    sent: u64,
    handled: u64,
    most: u64,
}

impl Page<'_> {
    async fn serve(&mut self, hello: &str) -> End {
        if self.socket.send(Message::text(hello)).await.is_err() {
            return End::Gone;
        }
        loop {
            let room = self.has_room();
            let done = tokio::select! {
                heard = self.socket.next() => self.hear(heard).await,
                // The core keeps what the page has no room for.
                Some(delivery) = self.deliveries.next(), if room => self.deliver(delivery).await,
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    fn has_room(&self) -> bool {
        self.sent.saturating_sub(self.handled) < self.most
    }

    /// Writes a delivery and those that are there already.
    async fn deliver(&mut self, first: Delivery) -> Result<(), End> {
        let mut next = Some(first);
        let mut written = 0;
        while let Some(delivery) = next {
            let text = frame::delivery(delivery.call, &delivery.json, delivery.keep);
            self.socket.feed(Message::text(text)).await.map_err(|_| End::Gone)?;
            self.sent = self.sent.saturating_add(1);
            written += 1;
            next = if written < BATCH && self.has_room() {
                self.deliveries.next().now_or_never().flatten()
            } else {
                None
            };
        }
        self.socket.flush().await.map_err(|_| End::Gone)
    }

    async fn hear(&mut self, heard: Option<Result<Message, Error>>) -> Result<(), End> {
        match heard {
            Some(Ok(Message::Text(text))) => match self.take(&text) {
                Ok(()) => Ok(()),
                Err(sentence) => self.complain(&sentence).await,
            },
            Some(Ok(Message::Binary(_))) => self.complain("frames are text").await,
            // Answered by the library.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Ok(()),
            Some(Err(Error::Capacity(_))) => Err(End::TooLarge),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
        }
    }

    fn take(&mut self, text: &str) -> Result<(), String> {
        match frame::parse(text)? {
            Frame::Call { id, method, params } => {
                let through = if method == "init" { self.network.lead(params) } else { None };
                self.context.call(id, &method, through.as_deref().unwrap_or(params));
            }
            Frame::Ack(count) if (self.handled..=self.sent).contains(&count) => self.handled = count,
            Frame::Ack(_) => return Err(format!("ack has to be {} to {}", self.handled, self.sent)),
        }
        Ok(())
    }

    async fn complain(&mut self, sentence: &str) -> Result<(), End> {
        self.socket.send(Message::text(frame::error(sentence))).await.map_err(|_| End::Gone)
    }
}

/// Says why, and gives the page a moment to hear it: what it still sends would break the connection before.
async fn say_goodbye(mut socket: Socket, end: &End) {
    let goodbye = async {
        if let Some(farewell) = end.farewell()
            && socket.close(Some(farewell)).await.is_err()
        {
            return;
        }
        let mut stream = socket.into_inner();
        let _ = stream.shutdown().await;
        let mut rest = [0; 4_096];
        while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    };
    let _ = tokio::time::timeout(GOODBYE, goodbye).await;
}
