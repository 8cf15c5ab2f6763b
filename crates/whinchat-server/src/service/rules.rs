//! What the rules look at, cached. A cached state that has been overtaken is noticed by the transaction it takes part in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use whinchat_proto::error::ErrorCode;
use whinchat_proto::id::GroupId;

use crate::storage::{Denied, GroupRules, Storage};

/// Members of all groups that are kept; the group unused longest goes first. About 20 MB.
const MEMBERS: usize = 200_000;

/// See the module.
pub(super) struct Rules {
    cache: Mutex<Cache>,
}

struct Cache {
    groups: LruCache<GroupId, Arc<GroupRules>>,
    /// In all of them; an empty group counts as one, so that the number of groups is bounded as well.
    members: usize,
}

fn weight(rules: &GroupRules) -> usize {
    rules.members.len().max(1)
}

impl Cache {
    fn put(&mut self, group: GroupId, rules: Arc<GroupRules>) {
        self.members += weight(&rules);
        if let Some(old) = self.groups.put(group, rules) {
            self.members -= weight(&old);
        }
        while self.members > MEMBERS && self.groups.len() > 1 {
            if let Some((_, unused)) = self.groups.pop_lru() {
                self.members -= weight(&unused);
            }
        }
    }

    fn forget(&mut self, group: &GroupId) {
        if let Some(old) = self.groups.pop(group) {
            self.members -= weight(&old);
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self { cache: Mutex::new(Cache { groups: LruCache::unbounded(), members: 0 }) }
    }
}

impl Rules {
    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rules of a group that exists.
    pub(super) async fn of(&self, storage: &dyn Storage, group: &GroupId) -> Result<Arc<GroupRules>, Denied> {
        if let Some(known) = self.cache().groups.get(group) {
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
        self.cache().put(group.clone(), Arc::clone(&rules));
        Ok(rules)
    }

    /// The same, not older than `version`.
    pub(super) async fn since(
        &self,
        storage: &dyn Storage,
        group: &GroupId,
        version: u64,
    ) -> Result<Arc<GroupRules>, Denied> {
        let known = self.of(storage, group).await?;
        if known.version >= version { Ok(known) } else { self.fresh(storage, group).await }
    }

    /// The membership has changed: the next one looks again.
    pub(super) fn forget(&self, group: &GroupId) {
        self.cache().forget(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{GroupKind, Member, Role};
    use whinchat_proto::id::UserId;

    fn rules(members: usize) -> Arc<GroupRules> {
        let member = Member { role: Role::Member, visible_from: 1 };
        let members = (0..members).map(|n| (UserId::new(format!("u{n}")).unwrap(), member)).collect();
        Arc::new(GroupRules { version: 1, kind: GroupKind::Work, members })
    }

    #[test]
    fn what_is_kept_is_bounded_by_members() {
        let rules_cache = Rules::default();
        let mut cache = rules_cache.cache();
        let large = rules(2_000);
        for n in 0..150 {
            cache.put(GroupId::new(format!("g{n}")).unwrap(), Arc::clone(&large));
        }
        assert_eq!((cache.groups.len(), cache.members), (100, MEMBERS));
        let last = GroupId::new("g149").unwrap();
        cache.put(last.clone(), rules(0));
        assert_eq!(cache.members, MEMBERS - 2_000 + 1);
        cache.forget(&last);
        cache.forget(&last);
        assert_eq!((cache.groups.len(), cache.members), (99, MEMBERS - 2_000));
    }
}
