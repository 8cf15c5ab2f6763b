//! Messages at fixed times, whatever the answers: an open load.
//!
//! One thread writes them, each at the moment when it is due and as a frame that was encoded beforehand, so that the load
//! does not wait for the runtime that it loads. The receivers have a runtime of their own, as other machines would.

use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use bytes::{BufMut, BytesMut};
use futures_util::StreamExt as _;
use prost::Message as _;
use tokio_tungstenite::tungstenite::Message;
use whinchat_core::ConversationId;
use whinchat_proto::wire::{self, response, server_frame};
use whinchat_server::Server;

use crate::latency::unlimited;
use crate::{pipelined, raw};

/// How long a load lasts.
const LASTS: Duration = Duration::from_secs(2);
/// A load is kept up with when its last message is there this long after it was due.
const BEHIND: Duration = Duration::from_millis(100);

/// What became of a load.
pub(crate) struct Load {
    /// From when each message was due to its delivery.
    pub(crate) delays: Vec<Duration>,
    /// From when the last message was due to the last delivery; nothing when a message was refused or a connection cut, as
    /// the server does to whoever asks for too much at once.
    pub(crate) lag: Option<Duration>,
}

/// The heaviest load that is kept up with, as microseconds a message: `from` and a quarter more each time until it is.
pub(crate) async fn maximum(dir: &Path, pairs: usize, from: f64) -> f64 {
    let mut each = from;
    for step in 0_u32.. {
        if at(&dir.join(step.to_string()), pairs, each).await.lag.is_some_and(|lag| lag < BEHIND) {
            break;
        }
        each *= 1.25;
    }
    each
}

/// One message every `each` microseconds, spread over all senders, each with a receiver.
pub(crate) async fn at(dir: &Path, pairs: usize, each: f64) -> Load {
    let server = Server::start(unlimited(dir)).await.unwrap();
    let address = server.local_addr();
    let outside = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(load(address, pairs, Duration::from_secs_f64(each / 1e6)))
    });
    let load = tokio::task::spawn_blocking(|| outside.join().unwrap()).await.unwrap();
    server.stop().await;
    load
}

async fn load(server: std::net::SocketAddr, count: usize, each: Duration) -> Load {
    let rounds = u32::try_from(LASTS.as_nanos() / each.as_nanos() / count as u128).unwrap();
    let pace = each * u32::try_from(count).unwrap();
    let (mut senders, mut frames, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..count {
        let (receiver, _) = raw::log_in(server, &format!("receiver{number}"), None).await;
        let (sender, _) = raw::log_in(server, &format!("sender{number}"), None).await;
        let to = ConversationId::parse(&format!("c2c_receiver{number}")).unwrap();
        frames.push(
            (1..=u64::from(rounds))
                .map(|request| masked(raw::frame(raw::send(request, &to))))
                .collect::<Vec<_>>(),
        );
        senders.push(duplicate(sender.get_ref()));
        pairs.push((sender, receiver));
    }
    let start = Instant::now() + Duration::from_millis(50);
    let writer = std::thread::spawn(move || write(&mut senders, &frames, start, each));
    let mut tasks = tokio::task::JoinSet::new();
    for (number, (mut sender, mut receiver)) in pairs.into_iter().enumerate() {
        let first = start + each * u32::try_from(number).unwrap();
        tasks.spawn(async move {
            let mut answered = 0;
            while answered < rounds {
                if let Some(server_frame::Body::Response(response)) = next(&mut sender).await? {
                    if matches!(response.body, Some(response::Body::Error(_))) {
                        return None;
                    }
                    answered += 1;
                }
            }
            Some(Vec::new())
        });
        tasks.spawn(async move {
            let mut delays = Vec::new();
            let mut delivered = 0;
            while delivered < rounds {
                for _ in 0..pipelined::entries_of(next(&mut receiver).await?) {
                    delays.push(Instant::now().saturating_duration_since(first + pace * delivered));
                    delivered += 1;
                }
            }
            Some(delays)
        });
    }
    let mut delays = Vec::new();
    while let Some(done) = tasks.join_next().await {
        match done.unwrap() {
            Some(more) => delays.extend(more),
            None => return Load { delays, lag: None },
        }
    }
    writer.join().unwrap();
    Load { delays, lag: Some(Instant::now().saturating_duration_since(start + pace * rounds)) }
}

/// The next frame's body; nothing once the connection was cut.
async fn next(socket: &mut raw::Socket) -> Option<Option<server_frame::Body>> {
    match socket.next().await?.ok()? {
        Message::Binary(bytes) => Some(wire::ServerFrame::decode(bytes).unwrap().body),
        _ => Some(None),
    }
}

/// Writes each frame when it is due, for as long as the connections live.
fn write(senders: &mut [TcpStream], frames: &[Vec<Vec<u8>>], start: Instant, each: Duration) {
    let mut due = start;
    for round in 0..frames[0].len() {
        for (sender, frames) in senders.iter_mut().zip(frames) {
            let now = Instant::now();
            if due > now {
                std::thread::sleep(due - now);
            }
            if write_all(sender, &frames[round]).is_err() {
                return;
            }
            due += each;
        }
    }
}

/// The socket is one of those that do not block: what has no room is late.
fn write_all(socket: &mut TcpStream, mut frame: &[u8]) -> std::io::Result<()> {
    while !frame.is_empty() {
        match socket.write(frame) {
            Ok(written) => frame = &frame[written..],
            Err(full) if full.kind() == std::io::ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The same connection, for the thread that writes.
fn duplicate(socket: &tokio::net::TcpStream) -> TcpStream {
    use std::os::fd::AsFd as _;
    TcpStream::from(socket.as_fd().try_clone_to_owned().unwrap())
}

/// A client's frame (RFC 6455, section 5.2) whose mask changes nothing.
fn masked(message: Message) -> Vec<u8> {
    let payload = message.into_data();
    let mut frame = BytesMut::with_capacity(payload.len() + 8);
    frame.put_u8(0x82);
    match payload.len() {
        short @ 0..=125 => frame.put_u8(0x80 | u8::try_from(short).unwrap()),
        long => {
            frame.put_u8(0x80 | 126);
            frame.put_u16(u16::try_from(long).unwrap());
        }
    }
    frame.put_u32(0);
    frame.put_slice(&payload);
    frame.to_vec()
}
