-- What must be solved soonest is asked for by every screen, where a policy promises it.
CREATE INDEX clock_resolving ON clock (workspace_id, due_at)
  WHERE kind = 'resolution' AND stopped_at IS NULL AND paused_at IS NULL;
