-- What exists nowhere else. Never thrown away.

CREATE TABLE account (
    key   TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT;

-- What waits to reach the server, in the order it was accepted. The order never repeats, so AUTOINCREMENT.
CREATE TABLE outbox (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         INTEGER NOT NULL,          -- 1 message, 2 read mark
    conversation TEXT    NOT NULL,
    id           BLOB    NOT NULL UNIQUE,   -- client message id, or operation id
    state        INTEGER NOT NULL,          -- 0 waiting, 1 failed, 2 to be cancelled
    created_ms   INTEGER NOT NULL,
    expires_ms   INTEGER,                   -- given up then; NULL: never
    again        INTEGER NOT NULL DEFAULT 0, -- the user asked for it a second time: lifts a tombstone
    head_seq     INTEGER NOT NULL,          -- head of the conversation when it was created or sent again
    envelope     BLOB    NOT NULL,          -- messages: the envelope; read marks: empty
    content      BLOB    NOT NULL,          -- messages: the content; read marks: epoch and seq
    error        TEXT                       -- why it failed, as JSON
) STRICT;
