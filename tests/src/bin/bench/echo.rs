//! The floor of every round trip: a WebSocket echo with the product's own buffer sizes.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, accept_async_with_config, client_async_with_config};

/// The frame that goes to and fro.
const FRAME: usize = 200;

pub(crate) fn config() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0)
}

/// A connection to an echo server of its own.
pub(crate) struct Echo(WebSocketStream<TcpStream>);

impl Echo {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            let mut socket = accept_async_with_config(socket, Some(config())).await.unwrap();
            while let Some(Ok(message)) = socket.next().await {
                if socket.send(message).await.is_err() {
                    return;
                }
            }
        });
        let socket = TcpStream::connect(address).await.unwrap();
        socket.set_nodelay(true).unwrap();
        let url = format!("ws://{address}/");
        Self(client_async_with_config(url, socket, Some(config())).await.unwrap().0)
    }

    /// Round trips one after the other; the time of each.
    pub(crate) async fn one_by_one(&mut self, count: usize) -> Vec<Duration> {
        let mut times = Vec::with_capacity(count);
        for _ in 0..count {
            let start = Instant::now();
            self.0.send(Message::Binary(vec![7; FRAME].into())).await.unwrap();
            self.0.next().await.unwrap().unwrap();
            times.push(start.elapsed());
        }
        times
    }
}
