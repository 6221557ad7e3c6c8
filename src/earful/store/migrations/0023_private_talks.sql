-- What is said in private is a conversation of its own beside what the same person says in public,
-- and so is what she says on another network. And what few messages have, in one column.

ALTER TABLE message ADD COLUMN extra jsonb;

CREATE UNIQUE INDEX conversation_one_open_each ON conversation
  (workspace_id, inbox_id, contact_id, network, visibility) WHERE status <> 'resolved';
