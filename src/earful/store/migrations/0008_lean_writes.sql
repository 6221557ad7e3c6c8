-- What taking in posts need not pay for.

-- An event is a little over 2 kB, where PostgreSQL begins to compress: that cost more than the
-- insertion itself, to save a third of what expires anyway. Up to 8 kB it is kept as it is.
ALTER TABLE event SET (toast_tuple_target = 8160);

-- Events come in the order of their time: ranges of pages find the old ones.
DROP INDEX event_by_age;
CREATE INDEX event_by_age ON event USING brin (at);

-- Each of these looked up, and locked, the same row for every row of a batch. A workspace is never
-- deleted, and a contact is made by the statement that makes its handle.
ALTER TABLE contact DROP CONSTRAINT contact_workspace_id_fkey;
ALTER TABLE conversation DROP CONSTRAINT conversation_workspace_id_fkey;
ALTER TABLE contact_handle DROP CONSTRAINT contact_handle_workspace_id_contact_id_fkey;
