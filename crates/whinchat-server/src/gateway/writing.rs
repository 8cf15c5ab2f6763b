//! Writes what waits: everything queued goes into one flush. A client that reads nothing cannot hold the writer for ever.

use std::future::Future;
use std::time::Duration;

use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::outgoing::{Next, Outgoing};
use super::stream::Stream;

/// The writing half.
pub(super) type Sink = SplitSink<WebSocketStream<Stream>, Message>;

/// How long the last words may take.
const LINGER: Duration = Duration::from_secs(2);

/// Writes until the end.
pub(super) async fn write(mut sink: Sink, outgoing: &Outgoing) -> Sink {
    let mut deadline = None;
    loop {
        let written = match outgoing.next() {
            Next::Frame(frame) => watched(sink.feed(Message::Binary(frame)), outgoing, &mut deadline).await,
            Next::Idle => {
                let flushed = watched(sink.flush(), outgoing, &mut deadline).await;
                if flushed {
                    outgoing.ready().await;
                }
                flushed
            }
            Next::End(end) => {
                let until = deadline.unwrap_or_else(|| Instant::now() + LINGER);
                let goodbye = async {
                    if let Some(last) = end.last {
                        sink.send(Message::Binary(last)).await?;
                    }
                    sink.send(Message::Close(None)).await
                };
                // Best effort: the client may be gone or deaf.
                let _ = tokio::time::timeout_at(until, goodbye).await;
                return sink;
            }
        };
        if !written {
            return sink;
        }
    }
}

/// Writes; once the end has come, only until the deadline. Tells whether it was written.
async fn watched(
    write: impl Future<Output = Result<(), Error>>,
    outgoing: &Outgoing,
    deadline: &mut Option<Instant>,
) -> bool {
    let mut write = std::pin::pin!(write);
    if deadline.is_none() {
        tokio::select! {
            biased;
            written = &mut write => return written.is_ok(),
            () = outgoing.ending() => *deadline = Some(Instant::now() + LINGER),
        }
    }
    let until = deadline.unwrap_or_else(Instant::now);
    matches!(tokio::time::timeout_at(until, write).await, Ok(Ok(())))
}
