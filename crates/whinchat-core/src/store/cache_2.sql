-- How far the other side of a one to one has read.
ALTER TABLE conversation ADD COLUMN peer_read_seq INTEGER NOT NULL DEFAULT 0;
-- Movements of large groups that are held; see Cursor.groups of the wire contract.
ALTER TABLE position ADD COLUMN groups INTEGER NOT NULL DEFAULT 0;
