-- What the server has as well. Disposable: thrown away and fetched again when it is damaged.

CREATE TABLE position (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    epoch      INTEGER NOT NULL,
    top        INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    gaps       TEXT    NOT NULL,
    loose      TEXT    NOT NULL
) STRICT;

CREATE TABLE conversation (
    row           INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,
    known         INTEGER NOT NULL DEFAULT 0,
    epoch         INTEGER NOT NULL DEFAULT 0,
    head_seq      INTEGER NOT NULL DEFAULT 0,
    head_modified INTEGER NOT NULL DEFAULT 0,
    counted       INTEGER NOT NULL DEFAULT 0,
    own_counted   INTEGER NOT NULL DEFAULT 0,
    floor_seq     INTEGER NOT NULL DEFAULT 0,
    floor_counted INTEGER NOT NULL DEFAULT 0,
    floor_own     INTEGER NOT NULL DEFAULT 0,
    read_seq      INTEGER NOT NULL DEFAULT 0,
    visible_from  INTEGER NOT NULL DEFAULT 0,
    left_group    INTEGER NOT NULL DEFAULT 0,
    active_ms     INTEGER NOT NULL DEFAULT 0,
    announced     INTEGER NOT NULL DEFAULT 0,  -- new messages up to here were queued for the app
    delivered     INTEGER NOT NULL DEFAULT 0,  -- and up to here the app has taken them
    incomplete    INTEGER NOT NULL DEFAULT 0,
    generation    INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 0,  -- of the newest state that was applied
    group_kind    TEXT,
    group_name    TEXT,
    group_owner   TEXT,
    group_members INTEGER,
    sort_ms       INTEGER NOT NULL DEFAULT 0   -- active_ms, or when something was last written here
) STRICT;
CREATE INDEX conversation_order      ON conversation (sort_ms DESC, row DESC);
CREATE INDEX conversation_incomplete ON conversation (active_ms DESC) WHERE incomplete = 1;
CREATE INDEX conversation_unread     ON conversation (row) WHERE counted > floor_counted;

CREATE TABLE message (
    row          INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    time_ms      INTEGER NOT NULL,
    modified     INTEGER NOT NULL,
    sender       TEXT    NOT NULL,
    client_id    BLOB    NOT NULL,
    kind         INTEGER NOT NULL,
    from_here    INTEGER NOT NULL,             -- sent by this device: not announced to its app
    last_message INTEGER NOT NULL,             -- may stand in the conversation list
    envelope     BLOB    NOT NULL,
    content      BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_place    ON message (conversation, seq);
CREATE UNIQUE INDEX message_identity ON message (client_id, conversation, sender);

CREATE TABLE held (
    conversation INTEGER NOT NULL,
    from_seq     INTEGER NOT NULL,
    to_seq       INTEGER NOT NULL,
    PRIMARY KEY (conversation, from_seq)
) STRICT, WITHOUT ROWID;

-- Counted entries that are not unread to this user.
CREATE TABLE unread_exception (
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
