-- Which message said what was promised: one that never went out promised nothing.
ALTER TABLE promise ADD COLUMN message_id uuid;
CREATE INDEX promise_of_message ON promise (workspace_id, message_id) WHERE message_id IS NOT NULL;
