//! Creating groups, inviting into them, leaving them. These need a connection.

use std::sync::Arc;

use whinchat_core::{Failure, GroupId, MemberResult, NewGroup, UserId};

use crate::call::{Result, Threads};
use crate::cancel::CancelToken;
use crate::live::{Counted, Kind};

/// The outcome for one member of a call.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MemberOutcome {
    /// Who.
    pub user: UserId,
    /// Why not; none for success.
    pub error: Option<Failure>,
}

impl From<MemberResult> for MemberOutcome {
    fn from((user, result): MemberResult) -> Self {
        Self { user, error: result.err() }
    }
}

/// A group that was created.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct CreatedGroup {
    /// Its id.
    pub id: GroupId,
    /// The outcome for each first member.
    pub members: Vec<MemberOutcome>,
}

fn outcomes(members: Vec<MemberResult>) -> Vec<MemberOutcome> {
    members.into_iter().map(Into::into).collect()
}

/// The groups of the user who is logged in.
#[derive(Debug, uniffi::Object)]
pub struct Groups {
    core: whinchat_core::Groups,
    threads: Threads,
    _counted: Counted,
}

impl Groups {
    pub(crate) fn new(core: whinchat_core::Groups, threads: Threads) -> Arc<Self> {
        Arc::new(Self { core, threads, _counted: Counted::new(Kind::Service) })
    }
}

#[uniffi::export]
impl Groups {
    /// Creates a group; the user becomes its owner. A call that a cut left open is repeated and creates one group.
    ///
    /// Fails with 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 8501 or 8502 a malformed id or name, 10005
    /// too many members, 10021 or 10025 the id is taken.
    pub async fn create(&self, group: NewGroup, cancel: Option<Arc<CancelToken>>) -> Result<CreatedGroup> {
        let core = self.core.clone();
        self.threads
            .wait(cancel, async move {
                let created = core.create(group).await?;
                Ok(CreatedGroup { id: created.id, members: outcomes(created.members) })
            })
            .await
    }

    /// Invites users, at most 20; gives the outcome for each.
    ///
    /// Fails with 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 10007 not allowed, 10010 no such group,
    /// 10005 too many at once.
    pub async fn invite(
        &self,
        group: GroupId,
        users: Vec<UserId>,
        cancel: Option<Arc<CancelToken>>,
    ) -> Result<Vec<MemberOutcome>> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { Ok(outcomes(core.invite(&group, &users).await?)) }).await
    }

    /// Leaves a group. What was seen stays readable.
    ///
    /// Fails with 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 10007 not a member, 10009 the owner cannot
    /// leave.
    pub async fn quit(&self, group: GroupId, cancel: Option<Arc<CancelToken>>) -> Result<()> {
        let core = self.core.clone();
        self.threads.wait(cancel, async move { core.quit(&group).await }).await
    }
}
