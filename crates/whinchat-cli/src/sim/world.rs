//! What every connection shares.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::device::Devices;
use super::pages::Pages;
use super::start::Limits;
use super::upstream::Upstream;

/// A simulator's insides.
pub(super) struct World {
    /// What every question has to carry. Not logged anywhere.
    pub(super) key: String,
    /// Where it listens; tells its cookie from that of another one on this machine.
    pub(super) port: u16,
    pub(super) devices: Devices,
    pub(super) upstream: Upstream,
    pub(super) pages: Pages,
    pub(super) limits: Limits,
    /// Cancelled when it stops.
    pub(super) ending: CancellationToken,
    /// Owns the pages' WebSockets, which outlive the HTTP connection that they began as.
    pub(super) sessions: TaskTracker,
}
