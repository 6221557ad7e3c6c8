-- What Earful says by itself has no agent.
ALTER TABLE delivery ALTER COLUMN agent_id DROP NOT NULL;

-- How far rooms that act on what happened elsewhere have read in the log.
CREATE TABLE event_reader (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  name text NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (workspace_id, name)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON event_reader TO earful_app;
