-- The end of a workspace's audit log, locked until the commit. Each statement of a volatile function
-- looks anew, so the second one sees what was added while the first one waited.
CREATE FUNCTION audit_end(workspace uuid) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE sql VOLATILE AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('audit ' || workspace, 0));
  SELECT a.seq, a.hash FROM audit a WHERE a.workspace_id = workspace ORDER BY a.seq DESC LIMIT 1;
$$;
GRANT EXECUTE ON FUNCTION audit_end(uuid) TO earful_app;

-- What one inbox holds, for those who may see no other: without it, a quiet inbox is looked for
-- among the newest of all.
CREATE INDEX conversation_of_inbox ON conversation
  (workspace_id, inbox_id, last_message_at DESC, id DESC);

-- Whose words a message holds, and which post it answers: a person is exported and erased wherever
-- she wrote, and wherever she is named as the one who is answered.
CREATE INDEX message_of_author ON message (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX message_of_parent ON message (parent_id) WHERE parent_id IS NOT NULL;
