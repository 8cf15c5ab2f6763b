-- Several nodes over one file. `node` is the node's own name; a node that starts takes back what an earlier run of it
-- left here. user.live is the sum over all nodes.
CREATE TABLE presence (
    node TEXT NOT NULL,
    user INTEGER NOT NULL,
    connections INTEGER NOT NULL,
    PRIMARY KEY (node, user)
) STRICT, WITHOUT ROWID;

-- Signatures made before this are refused; milliseconds since the epoch.
ALTER TABLE user ADD COLUMN revoked_ms INTEGER NOT NULL DEFAULT 0;
-- session.displaced from now on: 0 stands, 1 displaced by a newer login, 2 ended by an administrator.

-- Large groups: an append writes no member's mark. `moved` is the value of store.moved at the last append; member.seen is
-- the value up to which a mark names the group. A group that has become large stays so.
ALTER TABLE store ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN large INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;
CREATE INDEX conversation_moved ON conversation (moved) WHERE large = 1;
ALTER TABLE member ADD COLUMN large INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
CREATE INDEX member_large ON member (user, conversation) WHERE large = 1 AND left_at IS NULL;
-- The movement that the entry was; 0 where the group was not large.
ALTER TABLE entry ADD COLUMN moved INTEGER NOT NULL DEFAULT 0;

-- What a user has deleted for himself; `version` is where his log says so.
CREATE TABLE deletion (
    user INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    is_counted INTEGER NOT NULL,
    PRIMARY KEY (user, conversation, seq)
) STRICT, WITHOUT ROWID;
-- What has gone since a version of the user's log, without a look at everything that he has deleted.
CREATE INDEX deletion_version ON deletion (user, conversation, version);
-- Rows of `deletion`: a member without any pays nothing for them.
ALTER TABLE member ADD COLUMN deletions INTEGER NOT NULL DEFAULT 0;
-- Up to here the user has emptied the conversation for himself.
ALTER TABLE member ADD COLUMN cleared_seq INTEGER NOT NULL DEFAULT 0;

-- Name of the error that a refused send is told again; empty for one that its sender cancelled.
ALTER TABLE tombstone ADD COLUMN refused TEXT NOT NULL DEFAULT '';
-- Tombstones are forgotten with their time.
CREATE INDEX tombstone_age ON tombstone (time_ms);

-- Ids are time-ordered: with them in front, what all conversations append lands on the same few pages. Behind the
-- conversation each one that somebody writes in had a page of its own to write, and to bring home at a checkpoint.
DROP INDEX entry_identity;
CREATE UNIQUE INDEX entry_identity ON entry (client_id, conversation, sender);
