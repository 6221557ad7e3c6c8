-- The end of a workspace's audit log, locked until the commit. Each statement of a volatile function
-- looks anew, so the second one sees what was added while the first one waited.
CREATE FUNCTION audit_end(workspace uuid) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE sql VOLATILE AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('audit ' || workspace, 0));
  SELECT a.seq, a.hash FROM audit a WHERE a.workspace_id = workspace ORDER BY a.seq DESC LIMIT 1;
$$;
GRANT EXECUTE ON FUNCTION audit_end(uuid) TO earful_app;
