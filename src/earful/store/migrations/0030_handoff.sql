-- Conversations handed to another desk, and what that desk says of them.

CREATE TABLE other_desk (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('zendesk', 'zammad', 'chatwoot', 'salesforce', 'webhook')),
  name text NOT NULL,
  url text NOT NULL,
  fields jsonb NOT NULL DEFAULT '{}',
  secret bytea,
  hook bytea,
  error text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE handoff (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  desk_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  note text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'queued' CHECK
    (state IN ('queued', 'sending', 'handed', 'closed', 'uncertain', 'failed', 'ended')),
  error text NOT NULL DEFAULT '',
  remote_id text,
  remote jsonb,
  -- The newest message that stands there.
  told_through uuid,
  attempts integer NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL,
  lease_until timestamptz,
  created_at timestamptz NOT NULL,
  handed_at timestamptz,
  closed_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, desk_id) REFERENCES other_desk (workspace_id, id)
);
-- With one desk at a time.
CREATE UNIQUE INDEX handoff_one ON handoff (workspace_id, conversation_id)
  WHERE state NOT IN ('failed', 'ended');
CREATE INDEX handoff_due ON handoff (run_at)
  WHERE state IN ('queued', 'sending', 'handed', 'closed', 'uncertain');
CREATE INDEX handoff_remote ON handoff (workspace_id, desk_id, remote_id)
  WHERE remote_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON other_desk, handoff TO earful_app;
