//! The connection against a small server that speaks the frames, over real sockets.

mod client;
mod endings;
mod flow;
mod liveness;
mod order;
mod reconnecting;
mod server;
mod tls;
