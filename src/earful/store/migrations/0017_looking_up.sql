-- The audit log by act, and people by handle or name, however many there are.
CREATE INDEX audit_by_act ON audit (workspace_id, act);
CREATE INDEX contact_handle_begins ON contact_handle
  (workspace_id, lower(handle) text_pattern_ops);
CREATE INDEX contact_name_begins ON contact_handle (workspace_id, lower(name) text_pattern_ops);
