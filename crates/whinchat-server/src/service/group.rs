//! Who may create, invite, leave.

use std::fmt::Write as _;

use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{ConversationId, GroupId, RESERVED_GROUP_PREFIX, UserId};
use whinchat_proto::limits::{GROUP_MEMBERS, GROUP_NAME_BYTES, MEMBERS_PER_CALL};
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;

use super::push::Own;
use super::{Asker, LOOKS, Service, operation, refusal};
use crate::storage::{
    AddMembers, Denied, Done, Fault, GroupKind, GroupRules, NewGroup, News, RemoveMember, Role,
};

type Moved = Option<(u64, u64)>;

fn fault(denied: Denied) -> ProtoError {
    refusal(denied, ErrorCode::GroupFault)
}

fn users(names: &[String]) -> Result<Vec<UserId>, ProtoError> {
    if names.len() > MEMBERS_PER_CALL {
        return Err(ErrorCode::TooManyMembersNamed.into());
    }
    names.iter().map(UserId::new).collect()
}

/// The kinds that are served; the others are known by name.
fn kind(name: &str) -> Result<GroupKind, ProtoError> {
    if let Some(kind) = GroupKind::parse(name) {
        return Ok(kind);
    }
    Err(match name.to_ascii_lowercase().as_str() {
        "avchatroom" | "community" => {
            ProtoError::new(ErrorCode::Unsupported, format!("groups of kind {name} are not served yet"))
        }
        _ => ProtoError::new(
            ErrorCode::GroupParameters,
            "a group's kind is Work, Public, Meeting, AVChatRoom or Community",
        ),
    })
}

/// Chosen by the app, or given by the server.
fn group_id(wanted: &str) -> Result<GroupId, ProtoError> {
    if wanted.is_empty() {
        let mut random = [0_u8; 10];
        getrandom::fill(&mut random).map_err(|_| ErrorCode::GroupFault)?;
        let mut id = RESERVED_GROUP_PREFIX.to_owned();
        for byte in random {
            // Writing to a String cannot fail.
            let _ = write!(id, "{byte:02X}");
        }
        return GroupId::new(id);
    }
    if wanted.starts_with(RESERVED_GROUP_PREFIX) {
        return Err(ErrorCode::GroupIdInvalid.into());
    }
    GroupId::new(wanted).map_err(|_| ErrorCode::GroupIdInvalid.into())
}

/// Members of a Work group bring in others; the other kinds are not invited to (spec 5.4, default options).
fn may_invite(kind: GroupKind, role: Option<Role>) -> bool {
    matches!((kind, role), (GroupKind::Work, Some(Role::Owner | Role::Member)))
}

/// Who may leave: the owner only of a Work group (spec 5.4).
fn may_quit(kind: GroupKind, role: Option<Role>) -> Result<(), ErrorCode> {
    match (kind, role) {
        (_, None) => Err(ErrorCode::NotMember),
        (GroupKind::Public | GroupKind::Meeting, Some(Role::Owner)) => Err(ErrorCode::OwnerCannotQuit),
        (_, Some(_)) => Ok(()),
    }
}

impl Service {
    /// Creates a group; the caller owns it.
    pub(crate) async fn create_group(
        &self,
        asker: &dyn Asker,
        operation_id: &[u8],
        request: &wire::CreateGroup,
    ) -> Result<(Body, Moved), ProtoError> {
        let operation = operation(asker, operation_id)?;
        if request.name.is_empty() || request.name.len() > GROUP_NAME_BYTES {
            return Err(ErrorCode::GroupNameInvalid.into());
        }
        let group = NewGroup {
            id: group_id(&request.group_id)?,
            kind: kind(&request.kind)?,
            name: request.name.clone(),
            members: users(&request.members)?,
            capacity: GROUP_MEMBERS,
        };
        let done = self.storage.create_group(operation, group).await.map_err(fault)?;
        let moved = self.tell(asker, Own::Answered, None, &done.bumped);
        let mut result = done.result;
        let own = done.bumped.into_iter().find(|bump| bump.user == *asker.user());
        result.conversation = match own.map(|bump| bump.news) {
            Some(News::State(change)) => Some(*change),
            // A repetition: as it stands now.
            _ => self.state_of(asker.user(), &result.group_id).await?,
        };
        Ok((Body::CreateGroup(result), moved))
    }

    async fn state_of(
        &self,
        user: &UserId,
        group: &str,
    ) -> Result<Option<wire::ConversationChange>, ProtoError> {
        let name = ConversationId::Group(GroupId::new(group)?);
        let found = self.storage.conversations(user.clone(), vec![name]).await;
        let mut found = found.map_err(|f| fault(f.into()))?;
        Ok(found.pop().and_then(|item| item.change))
    }

    /// Adds members.
    pub(crate) async fn invite(
        &self,
        asker: &dyn Asker,
        operation_id: &[u8],
        request: &wire::InviteMembers,
    ) -> Result<(Body, Moved), ProtoError> {
        let operation = operation(asker, operation_id)?;
        let group = GroupId::new(&request.group_id)?;
        let users = users(&request.users)?;
        if users.is_empty() {
            return Err(ProtoError::new(ErrorCode::GroupParameters, "name somebody to invite"));
        }
        let done = self
            .change(&group, |rules| {
                let refused = match rules {
                    None => Some(ErrorCode::GroupGone),
                    Some(rules) if may_invite(rules.kind, rules.role(asker.user())) => None,
                    Some(_) => Some(ErrorCode::NotMember),
                };
                let add = AddMembers {
                    group: group.clone(),
                    users: users.clone(),
                    expected: rules.map_or(0, |rules| rules.version),
                    capacity: GROUP_MEMBERS,
                    refused,
                };
                self.storage.add_members(operation.clone(), add)
            })
            .await?;
        let moved = self.tell(asker, Own::Pushed, done.entry.as_ref(), &done.bumped);
        Ok((Body::InviteMembers(done.result), moved))
    }

    /// Leaves a group.
    pub(crate) async fn quit(
        &self,
        asker: &dyn Asker,
        operation_id: &[u8],
        request: &wire::QuitGroup,
    ) -> Result<(Body, Moved), ProtoError> {
        let operation = operation(asker, operation_id)?;
        let group = GroupId::new(&request.group_id)?;
        let done = self
            .change(&group, |rules| {
                let refused = match rules {
                    None => Some(ErrorCode::GroupGone),
                    Some(rules) => may_quit(rules.kind, rules.role(asker.user())).err(),
                };
                let remove = RemoveMember {
                    group: group.clone(),
                    member: asker.user().clone(),
                    expected: rules.map_or(0, |rules| rules.version),
                    refused,
                };
                self.storage.remove_member(operation.clone(), remove)
            })
            .await?;
        let moved = self.tell(asker, Own::Pushed, done.entry.as_ref(), &done.bumped);
        Ok((Body::QuitGroup(done.result), moved))
    }

    /// Looks at the rules and acts; looks again when they have changed under it.
    async fn change<T, F, A>(&self, group: &GroupId, act: F) -> Result<Done<T>, ProtoError>
    where
        F: Fn(Option<&GroupRules>) -> A,
        A: Future<Output = Result<Done<T>, Denied>>,
    {
        for _ in 0..LOOKS {
            let rules = match self.rules.fresh(&*self.storage, group).await {
                Ok(rules) => Some(rules),
                Err(Denied::Refused(_)) => None,
                Err(denied) => return Err(fault(denied)),
            };
            let done = act(rules.as_deref()).await;
            // Right or wrong, the membership may have moved.
            self.rules.forget(group);
            match done {
                Err(Denied::Stale) => {}
                Ok(done) => return Ok(done),
                Err(denied) => return Err(fault(denied)),
            }
        }
        Err(fault(Denied::Fault(Fault::Database("the membership keeps changing".to_owned()))))
    }
}
