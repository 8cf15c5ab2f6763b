//! What the rules look at, cached. A cached state that has been overtaken is noticed by the transaction it takes part in.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::GroupId;

use crate::storage::{Denied, GroupRules, Storage};

/// Groups that are kept; the one unused longest goes first.
const GROUPS: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// See the module.
pub(super) struct Rules {
    groups: Mutex<LruCache<GroupId, Arc<GroupRules>>>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { groups: Mutex::new(LruCache::new(GROUPS)) }
    }
}

impl Rules {
    /// The rules of a group that exists.
    pub(super) async fn of(&self, storage: &dyn Storage, group: &GroupId) -> Result<Arc<GroupRules>, Denied> {
        if let Some(known) = self.groups.lock().unwrap_or_else(PoisonError::into_inner).get(group) {
            return Ok(Arc::clone(known));
        }
        self.fresh(storage, group).await
    }

    /// The same, read now. Before somebody is refused the rules are read afresh: a stale no would be final for him.
    pub(super) async fn fresh(
        &self,
        storage: &dyn Storage,
        group: &GroupId,
    ) -> Result<Arc<GroupRules>, Denied> {
        let rules = storage.group_rules(group.clone()).await?.ok_or(ErrorCode::GroupGone)?;
        let rules = Arc::new(rules);
        self.groups.lock().unwrap_or_else(PoisonError::into_inner).put(group.clone(), Arc::clone(&rules));
        Ok(rules)
    }

    /// The membership has changed: the next one looks again.
    pub(super) fn forget(&self, group: &GroupId) {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner).pop(group);
    }
}
