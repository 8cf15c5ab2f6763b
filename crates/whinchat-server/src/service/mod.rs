//! The rules of the house, each in one place: who may log in, send, read, invite, leave.

mod appender;
mod conversation;
mod ephemeral;
mod failures;
mod group;
mod login;
mod message;
mod parcel;
mod push;
mod rules;
mod sync;

use std::sync::Arc;

use tokio::sync::mpsc;
use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{OperationId, UserId};
use whinchat_proto::wire::response::Body;

use crate::bus::{Bus, Origin};
use crate::config::ServerConfig;
use crate::storage::{Bump, Denied, Operation, Storage, Tip};
pub(crate) use appender::Outcome;
pub(crate) use login::{Admitted, Credential, ended, refused, renewed};
pub(crate) use message::Checked;
pub(crate) use parcel::Parcel;
use rules::Rules;

/// How often a mutation looks again when the membership moves under it.
pub(crate) const LOOKS: usize = 5;

/// A session that waits for answers.
pub(crate) trait Asker: std::marker::Send + Sync {
    /// Whose session.
    fn user(&self) -> &UserId;
    /// Which connection.
    fn origin(&self) -> Origin;
    /// Answers a request. `moved` says where the request moved the user's own log: (prev, version).
    fn answer(&self, request: u64, moved: Option<(u64, u64)>, body: Body);
}

/// Everything a request needs.
pub(crate) struct Service {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) bus: Arc<dyn Bus>,
    config: Arc<ServerConfig>,
    rules: Rules,
    failures: failures::Failures,
    appender: mpsc::Sender<appender::Submission>,
}

impl Service {
    /// Builds the service and the task that appends; the task ends when the service is dropped.
    pub(crate) fn new(
        storage: Arc<dyn Storage>,
        bus: Arc<dyn Bus>,
        config: Arc<ServerConfig>,
        tasks: &tokio_util::task::TaskTracker,
    ) -> Arc<Self> {
        let appender = appender::start(Arc::clone(&storage), Arc::clone(&bus), tasks);
        Arc::new(Self {
            storage,
            bus,
            config,
            rules: Rules::default(),
            failures: failures::Failures::default(),
            appender,
        })
    }

    /// Tells those whose logs moved; gives where the caller's own log moved if the answer has to say so.
    fn tell(
        &self,
        asker: &dyn Asker,
        own: push::Own,
        tip: Option<&Tip>,
        bumped: &[Bump],
    ) -> Option<(u64, u64)> {
        let entry = tip.map(push::EntryFrames::of_tip);
        if let (Some(entry), Some((fanout, _))) = (&entry, tip.and_then(|tip| tip.large.as_ref())) {
            entry.fan_out(&*self.bus, *fanout, &[], None);
        }
        push::tell(&*self.bus, asker, own, entry.as_ref(), bumped)
    }
}

/// An operation id of a request.
fn operation(asker: &dyn Asker, id: &[u8]) -> Result<Operation, ProtoError> {
    let id = OperationId::from_slice(id)?;
    Ok(Operation { user: asker.user().clone(), id })
}

/// What the caller is told about a denial; `fault` is the code for a passing fault of this kind of request.
fn refusal(denied: Denied, fault: ErrorCode) -> ProtoError {
    match denied {
        Denied::Refused(error) => error,
        // The sentence in the table: what failed inside is the operator's business, and stands in the log.
        Denied::Fault(_) | Denied::Stale => fault.into(),
    }
}
