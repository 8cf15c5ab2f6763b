//! Reading: the change log, entries, states.

use std::sync::Arc;

use whinchat_proto::error::{ErrorCode, ProtoError};
use whinchat_proto::id::{ConversationId, GroupId, UserId};
use whinchat_proto::limits::BATCH_ITEMS;
use whinchat_proto::wire;
use whinchat_proto::wire::response::Body;

use super::Service;
use crate::storage::{Denied, Fault, GroupHeads, GroupRules, Range};

fn fault(fault: &Fault) -> ProtoError {
    tracing::error!(%fault, "a read failed");
    ErrorCode::ConversationFault.into()
}

/// A group that is gone is no fault.
fn known(rules: Result<Arc<GroupRules>, Denied>) -> Result<Option<Arc<GroupRules>>, Fault> {
    match rules {
        Ok(rules) => Ok(Some(rules)),
        Err(Denied::Fault(fault)) => Err(fault),
        Err(_) => Ok(None),
    }
}

impl Service {
    /// A page of the user's change log.
    pub(crate) async fn changes(
        &self,
        user: &UserId,
        since: wire::Cursor,
        below: u64,
        deleted_since: Option<u64>,
    ) -> Result<wire::Changes, ProtoError> {
        self.storage.changes(user.clone(), since, below, deleted_since).await.map_err(|f| fault(&f))
    }

    /// Head of the user's change log.
    pub(crate) async fn head(&self, user: &UserId) -> Result<wire::Cursor, ProtoError> {
        self.storage.head(user.clone()).await.map_err(|f| fault(&f))
    }

    /// Where the user's large groups stand that have moved above `since`.
    pub(crate) async fn group_heads(
        &self,
        user: &UserId,
        since: u64,
        limit: usize,
    ) -> Result<GroupHeads, ProtoError> {
        self.storage.group_heads(user.clone(), since, limit).await.map_err(|f| fault(&f))
    }

    /// Who is in a group, not older than `version`; nothing when there is no such group any more.
    pub(crate) async fn members(
        &self,
        group: &GroupId,
        version: u64,
    ) -> Result<Option<Arc<GroupRules>>, Fault> {
        known(self.rules.since(&*self.storage, group, version).await)
    }

    /// The same, read now.
    pub(crate) async fn members_now(&self, group: &GroupId) -> Result<Option<Arc<GroupRules>>, Fault> {
        known(self.rules.fresh(&*self.storage, group).await)
    }

    pub(crate) async fn get_changes(
        &self,
        user: &UserId,
        request: wire::GetChanges,
    ) -> Result<Body, ProtoError> {
        let since = request.since.unwrap_or_default();
        Ok(Body::GetChanges(self.changes(user, since, request.below, request.deleted_since).await?))
    }

    pub(crate) async fn fetch(&self, user: &UserId, request: wire::FetchEntries) -> Result<Body, ProtoError> {
        if request.ranges.is_empty() || request.ranges.len() > BATCH_ITEMS {
            return Err(ProtoError::new(ErrorCode::BadParameter, "name 1 to 100 ranges"));
        }
        let mut ranges = Vec::with_capacity(request.ranges.len());
        for range in request.ranges {
            let conversation = ConversationId::from_wire(range.conversation.as_ref())?;
            if range.from == 0 || range.from > range.to {
                return Err(ProtoError::new(
                    ErrorCode::BadParameter,
                    "a range goes from 1 or more up to no less than that",
                ));
            }
            ranges.push(Range { conversation, epoch: range.epoch, from: range.from, to: range.to });
        }
        Ok(Body::FetchEntries(self.storage.fetch(user.clone(), ranges).await.map_err(|f| fault(&f))?))
    }

    pub(crate) async fn get_conversations(
        &self,
        user: &UserId,
        request: wire::GetConversations,
    ) -> Result<Body, ProtoError> {
        if request.conversations.len() > BATCH_ITEMS {
            return Err(ProtoError::new(ErrorCode::BadParameter, "name at most 100 conversations"));
        }
        let names = request
            .conversations
            .iter()
            .map(|name| ConversationId::from_wire(Some(name)))
            .collect::<Result<Vec<_>, _>>()?;
        let items = self.storage.conversations(user.clone(), names).await.map_err(|f| fault(&f))?;
        Ok(Body::GetConversations(wire::GetConversationsResult { items }))
    }
}
