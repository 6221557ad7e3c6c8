-- Care for what is kept: webhooks that fail for long, and whom the desk has erased.

ALTER TABLE webhook ADD COLUMN failing_since timestamptz;
ALTER TABLE webhook ADD CONSTRAINT webhook_state
  CHECK (state IN ('active', 'failing', 'disabled')) NOT VALID;

-- Handles are sha256 of (network, external id): enough to know somebody again after a restore,
-- too little to tell who it was.
CREATE TABLE erasure (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  handles bytea[] NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

GRANT SELECT, INSERT ON erasure TO earful_app;
