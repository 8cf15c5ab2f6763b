-- How far the other side of a one to one has read.
ALTER TABLE conversation ADD COLUMN peer_read_seq INTEGER NOT NULL DEFAULT 0;
-- Movements of large groups that are held; see Cursor.groups of the wire contract.
ALTER TABLE position ADD COLUMN groups INTEGER NOT NULL DEFAULT 0;
-- Up to here the user has emptied the conversation.
ALTER TABLE conversation ADD COLUMN cleared_seq INTEGER NOT NULL DEFAULT 0;
-- Places that the user has deleted for himself: nothing is ever stored there again. `id` is the message's public id, if it
-- was held here.
CREATE TABLE deletion (
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    id           TEXT,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
-- With gaps in the change log: up to here there was none.
ALTER TABLE position ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN group_seq INTEGER NOT NULL DEFAULT 0; -- place as of which the group_ columns are told
ALTER TABLE conversation ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;    -- the state up to here is to be asked for
-- What a login has to announce again, found without looking at every conversation.
CREATE INDEX conversation_untold ON conversation (row) WHERE announced > delivered;
