-- One index finds the clocks of a conversation that run, whoever asks; another those that ended
-- without an answer (clock_met has those that were met).
CREATE UNIQUE INDEX clock_running ON clock (workspace_id, conversation_id, (kind = 'resolution'))
  WHERE stopped_at IS NULL;
DROP INDEX clock_one_running;
DROP INDEX clock_one_resolution;
CREATE INDEX clock_unmet ON clock (workspace_id, conversation_id)
  WHERE stopped_at IS NOT NULL AND met_at IS NULL;

-- When a conversation got somebody to look after it, or (no agent) nobody any more: for the third of
-- a message's four instants.
CREATE TABLE assigned (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid,
  assigned_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, assigned_at)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON assigned TO earful_app;
