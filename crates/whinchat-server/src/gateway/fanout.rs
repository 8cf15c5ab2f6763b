//! Large groups on this node: what is for a group goes to those of its members who are connected here.
//!
//! One task takes the parcels in the order in which the bus brings them. The queue is bounded; what finds it full, or is
//! lost on the way here, is noticed at the next look at storage, and the members are told where their group stands.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use whinchat_proto::id::{ConversationId, GroupId};
use whinchat_proto::wire;

use super::hub::Hub;
use super::session::heads_frame;
use super::trail::Trails;
use crate::bus::Loss;
use crate::service::{Parcel, Service};
use crate::storage::{Fault, MovedGroup};

/// Parcels that may wait.
const QUEUE: usize = 1_024;
/// Most groups that one look takes.
const LOOK: usize = 1_000;
/// Nothing was dropped.
const NOTHING: u64 = u64::MAX;

/// The sending side; belongs to the hub.
pub(crate) struct Fanout {
    queue: mpsc::Sender<(GroupId, Bytes)>,
    /// Lowest movement that was dropped here.
    dropped: Arc<AtomicU64>,
}

/// The receiving side.
pub(crate) struct FanoutTask {
    queue: mpsc::Receiver<(GroupId, Bytes)>,
    dropped: Arc<AtomicU64>,
}

/// Makes both.
pub(crate) fn fanout() -> (Fanout, FanoutTask) {
    let (sender, queue) = mpsc::channel(QUEUE);
    let dropped = Arc::new(AtomicU64::new(NOTHING));
    (Fanout { queue: sender, dropped: Arc::clone(&dropped) }, FanoutTask { queue, dropped })
}

impl Fanout {
    /// Takes what the bus brings.
    pub(super) fn take(&self, group: &GroupId, parcel: Bytes) {
        if let Err(error) = self.queue.try_send((group.clone(), parcel)) {
            let (mpsc::error::TrySendError::Full((_, parcel))
            | mpsc::error::TrySendError::Closed((_, parcel))) = error;
            if let Some(parcel) = Parcel::unwrap(parcel) {
                self.dropped.fetch_min(parcel.moved, Ordering::Relaxed);
            }
        }
    }
}

impl FanoutTask {
    /// Runs until the server goes down. `every`: how often storage is looked at.
    pub(crate) async fn run(
        self,
        hub: Arc<Hub>,
        service: Arc<Service>,
        every: Duration,
        draining: CancellationToken,
    ) {
        let Self { queue, dropped } = self;
        let loses = service.bus.loss() != Loss::Never;
        let mut node = Node { hub, service, dropped, trails: loses.then(Trails::default) };
        // Whoever is connected from now on was told by his Welcome what stands below.
        while loses && !draining.is_cancelled() && !node.begin().await {
            tokio::time::sleep(every).await;
        }
        node.serve(queue, every, draining).await;
    }
}

struct Node {
    hub: Arc<Hub>,
    service: Arc<Service>,
    dropped: Arc<AtomicU64>,
    /// Only where the bus may lose something.
    trails: Option<Trails>,
}

impl Node {
    async fn begin(&mut self) -> bool {
        match self.service.storage.moved_groups(i64::MAX.unsigned_abs(), 1).await {
            Ok((now, _)) => {
                self.trails = Some(Trails::new(now));
                true
            }
            Err(_) => false,
        }
    }

    async fn serve(
        &mut self,
        mut queue: mpsc::Receiver<(GroupId, Bytes)>,
        every: Duration,
        draining: CancellationToken,
    ) {
        let mut look = tokio::time::interval(every);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                parcel = queue.recv() => match parcel {
                    Some((group, parcel)) => self.deliver(&group, parcel).await,
                    None => return,
                },
                _ = look.tick() => {
                    if let Err(fault) = self.look().await {
                        tracing::warn!(%fault, "lost pushes of large groups could not be looked for");
                    }
                }
                // What is still under way is found at the next connection.
                () = draining.cancelled() => return,
            }
        }
    }

    async fn deliver(&mut self, group: &GroupId, parcel: Bytes) {
        let Some(parcel) = Parcel::unwrap(parcel) else {
            tracing::warn!(%group, "what came for a group cannot be read");
            return;
        };
        match self.service.members(group, parcel.member_version).await {
            Ok(Some(rules)) => self.hub.each_member(&rules, |user, session| {
                if session.hears(&parcel)
                    && let Some(frame) = parcel.frame_for(user, &rules)
                {
                    session.group_push(frame);
                }
            }),
            // Nobody is left in it.
            Ok(None) => {}
            Err(fault) => {
                tracing::warn!(%group, %fault, "who is in a group could not be read");
                self.dropped.fetch_min(parcel.moved, Ordering::Relaxed);
                return;
            }
        }
        if let Some(trails) = &mut self.trails {
            trails.heard(group, parcel.before, parcel.moved);
        }
    }

    /// Looks in storage for what was not heard of.
    async fn look(&mut self) -> Result<(), Fault> {
        let dropped = self.dropped.swap(NOTHING, Ordering::Relaxed);
        if dropped != NOTHING {
            let told = self.tell_all_since(dropped.saturating_sub(1)).await;
            if told.is_err() {
                self.dropped.fetch_min(dropped, Ordering::Relaxed);
            }
            told?;
        }
        let Some(trails) = &mut self.trails else { return Ok(()) };
        let (swept, moved) = self.service.storage.moved_groups(trails.swept(), LOOK).await?;
        trails.sweep(swept, moved);
        // One that cannot be told now stays for the next look.
        while let Some(group) = self.trails.as_ref().and_then(Trails::lost).cloned() {
            tracing::debug!(%group, "a push was lost");
            self.tell(&group).await?;
            if let Some(trails) = &mut self.trails {
                trails.told();
            }
        }
        Ok(())
    }

    async fn tell_all_since(&self, since: u64) -> Result<(), Fault> {
        let mut since = since;
        loop {
            let (upto, moved) = self.service.storage.moved_groups(since, LOOK).await?;
            for found in &moved {
                self.tell_head(found).await?;
            }
            if moved.len() < LOOK {
                return Ok(());
            }
            since = upto;
        }
    }

    async fn tell(&self, group: &GroupId) -> Result<(), Fault> {
        match self.service.storage.group_head(group.clone()).await? {
            Some(found) => self.tell_head(&found).await,
            None => Ok(()),
        }
    }

    /// Tells the members where their group stands: whoever holds less asks.
    async fn tell_head(&self, found: &MovedGroup) -> Result<(), Fault> {
        // Read afresh: the news that did not come may have been of the membership.
        let Some(rules) = self.service.members_now(&found.group).await? else { return Ok(()) };
        let head = wire::GroupHead {
            conversation: Some(ConversationId::Group(found.group.clone()).to_wire()),
            epoch: found.epoch,
            head_seq: found.head_seq,
        };
        let Some(frame) = heads_frame(vec![head]) else { return Ok(()) };
        self.hub.each_member(&rules, |_, session| session.group_push(&frame));
        Ok(())
    }
}
