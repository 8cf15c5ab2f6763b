-- One row: which store this is and how many batches it has committed (see restore.rs).
CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    store_id BLOB NOT NULL,
    batches INTEGER NOT NULL
) STRICT;
INSERT INTO store (id, store_id, batches) VALUES (1, randomblob(16), 0);

-- A user exists from the first login. (epoch, version) is the head of the change log; `served` is the highest version
-- that any device was served; `live` counts the connected sessions.
CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 0,
    served INTEGER NOT NULL DEFAULT 0,
    live INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX user_live ON user (id) WHERE live > 0;

CREATE TABLE session (
    id BLOB PRIMARY KEY,
    user INTEGER NOT NULL,
    platform INTEGER NOT NULL,
    device TEXT NOT NULL,
    displaced INTEGER NOT NULL DEFAULT 0,
    opened_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX session_device ON session (user, platform, device);
CREATE INDEX session_age ON session (opened_ms);

-- A log. `name` is 'c' or 'g' and the ids, split by 0x01, which no id may hold. kind: 0 one to one, 1 Work, 2 Public,
-- 3 Meeting. `targeted` and `tombstones` count such rows, so that a conversation without any pays nothing for them.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    previous_epoch INTEGER NOT NULL DEFAULT 0,
    epoch_base INTEGER NOT NULL DEFAULT 0,
    head_seq INTEGER NOT NULL DEFAULT 0,
    head_mod INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL DEFAULT 0,
    last_ms INTEGER NOT NULL DEFAULT 0,
    targeted INTEGER NOT NULL DEFAULT 0,
    tombstones INTEGER NOT NULL DEFAULT 0,
    member_version INTEGER NOT NULL DEFAULT 0,
    member_count INTEGER NOT NULL DEFAULT 0,
    owner TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL
) STRICT;

-- One user's view of a conversation: his window, his marks, and when his log last named it (version, from_seq).
CREATE TABLE member (
    conversation INTEGER NOT NULL,
    user INTEGER NOT NULL,
    role INTEGER NOT NULL,
    joined_ms INTEGER NOT NULL,
    visible_from INTEGER NOT NULL,
    left_at INTEGER,
    left_counted INTEGER NOT NULL DEFAULT 0,
    floor_seq INTEGER NOT NULL DEFAULT 0,
    floor_counted INTEGER NOT NULL DEFAULT 0,
    floor_own INTEGER NOT NULL DEFAULT 0,
    read_seq INTEGER NOT NULL DEFAULT 0,
    own_counted INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL,
    from_seq INTEGER NOT NULL,
    PRIMARY KEY (conversation, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_log ON member (user, version);

-- The entries. Narrow columns first: scans of them never touch the overflow pages of the bodies.
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    sender INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    modified INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL,
    counted_by_sender INTEGER NOT NULL,
    is_counted INTEGER NOT NULL,
    targeted INTEGER NOT NULL,
    client_id BLOB NOT NULL,
    envelope BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_place ON entry (conversation, seq);
CREATE UNIQUE INDEX entry_identity ON entry (conversation, sender, client_id);
CREATE INDEX entry_targeted ON entry (conversation, seq) WHERE targeted = 1;

-- Sends that were cancelled before they arrived.
CREATE TABLE tombstone (
    conversation INTEGER NOT NULL,
    sender INTEGER NOT NULL,
    client_id BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (conversation, sender, client_id)
) STRICT, WITHOUT ROWID;

-- Results of mutations, for repetitions.
CREATE TABLE operation (
    user INTEGER NOT NULL,
    operation_id BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    result BLOB NOT NULL,
    PRIMARY KEY (user, operation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_age ON operation (time_ms);
