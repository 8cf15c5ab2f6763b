//! Creating groups, inviting into them, leaving them. These need a connection.

use serde::{Deserialize, Serialize};
use whinchat_proto::id::{ConversationId, GroupId, UserId};
use whinchat_proto::wire;
use whinchat_proto::wire::request::Body;
use whinchat_proto::wire::response::Body as Answer;

use crate::client::Client;
use crate::error::{Error, ErrorCode, Result};
use crate::platform::{Clock, SystemClock, random_bytes};
use crate::sync::Input;

/// What a group is; decides who may do what.
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupKind {
    /// Friends or colleagues: members invite each other, nobody joins by himself.
    #[default]
    Work,
    /// Open to all who are let in.
    Public,
    /// Open to all; newcomers see what was said before, and nothing counts as unread.
    Meeting,
}

impl GroupKind {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Work => "Work",
            Self::Public => "Public",
            Self::Meeting => "Meeting",
        }
    }
}

/// A group that is to be created.
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[derive(Clone, Debug, Default)]
pub struct NewGroup {
    /// Its id; the server chooses one when there is none.
    pub id: Option<GroupId>,
    /// What it is.
    pub kind: GroupKind,
    /// Its name, 1 to 100 bytes.
    pub name: String,
    /// Its first members beside the user himself, at most 20.
    pub members: Vec<UserId>,
}

/// The outcome for one member of a call.
pub type MemberResult = (UserId, Result<()>);

/// A group that was created.
#[derive(Clone, Debug)]
pub struct CreatedGroup {
    /// Its id.
    pub id: GroupId,
    /// The outcome for each first member.
    pub members: Vec<MemberResult>,
}

/// The groups of the user who is logged in. From [`Client::groups`].
#[derive(Clone, Debug)]
pub struct Groups {
    pub(crate) client: Client,
}

impl Groups {
    /// Creates a group; the user becomes its owner. A call that a cut left open is repeated and creates one group.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 8501 or 8502 a malformed id or name, 10005 too many
    /// members, 10021 or 10025 the id is taken.
    pub async fn create(&self, group: NewGroup) -> Result<CreatedGroup> {
        let body = wire::CreateGroup {
            group_id: group.id.map(String::from).unwrap_or_default(),
            kind: group.kind.name().to_owned(),
            name: group.name,
            members: group.members.into_iter().map(String::from).collect(),
        };
        match self.call(Body::CreateGroup(body)).await? {
            Answer::CreateGroup(created) => {
                Ok(CreatedGroup { id: GroupId::new(&created.group_id)?, members: outcomes(created.members)? })
            }
            _ => Err(ErrorCode::ResponseUndecodable.into()),
        }
    }

    /// Invites users, at most 20; gives the outcome for each.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 10007 not allowed, 10010 no such group, 10005 too
    /// many at once.
    pub async fn invite(&self, group: &GroupId, users: &[UserId]) -> Result<Vec<MemberResult>> {
        let users = users.iter().cloned().map(String::from).collect();
        match self
            .call(Body::InviteMembers(wire::InviteMembers { group_id: group.as_str().into(), users }))
            .await?
        {
            Answer::InviteMembers(invited) => outcomes(invited.members),
            _ => Err(ErrorCode::ResponseUndecodable.into()),
        }
    }

    /// Leaves a group. What was seen stays readable.
    ///
    /// # Errors
    ///
    /// 6014 not logged in, 9508 no connection, 9520 no answer in 30 s, 10007 not a member, 10009 the owner cannot leave.
    pub async fn quit(&self, group: &GroupId) -> Result<()> {
        match self.call(Body::QuitGroup(wire::QuitGroup { group_id: group.as_str().into() })).await? {
            Answer::QuitGroup(_) => {
                // The push that says so may come a moment later.
                let conversation = ConversationId::Group(group.clone());
                self.client.account()?.apply(vec![Input::Unknown { conversation }]).await.map(drop)
            }
            _ => Err(ErrorCode::ResponseUndecodable.into()),
        }
    }

    async fn call(&self, body: Body) -> Result<Answer> {
        let operation = whinchat_proto::id::OperationId::from_parts(SystemClock.now_ms(), random_bytes());
        let response = self.client.account()?.mutate(Some(operation), body).await?;
        response.body.ok_or_else(|| ErrorCode::ResponseUndecodable.into())
    }
}

fn outcomes(items: Vec<wire::ItemResult>) -> Result<Vec<MemberResult>> {
    items
        .into_iter()
        .map(|item| Ok((UserId::new(&item.id)?, item.error.map_or(Ok(()), |error| Err(Error::from(error))))))
        .collect()
}
