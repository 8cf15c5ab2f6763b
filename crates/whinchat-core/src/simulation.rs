//! Seams for the deterministic simulation: a client without threads and sockets of its own. Only the tests crate uses it.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

/// A byte stream that stands for a socket.
pub trait Pipe: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Pipe for T {}

/// What a connection attempt gives.
pub type Dialled = io::Result<Box<dyn Pipe>>;

/// Opens a stream to the server, or says why not.
#[derive(Clone)]
pub struct Dial(Arc<dyn Fn() -> Dialled + Send + Sync>);

impl Dial {
    /// Connects by calling `dial`.
    pub fn new(dial: impl Fn() -> Dialled + Send + Sync + 'static) -> Self {
        Self(Arc::new(dial))
    }

    pub(crate) fn dial(&self) -> Dialled {
        (self.0)()
    }
}

impl fmt::Debug for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dial")
    }
}
