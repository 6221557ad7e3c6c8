-- What connectors are promised: words on a channel, its server's own limits, what it costs, and
-- sign-ins that are under way on a network's pages.

ALTER TABLE channel ADD COLUMN notice text NOT NULL DEFAULT '';
ALTER TABLE channel ADD COLUMN limits jsonb NOT NULL DEFAULT '{}';

CREATE TABLE channel_spend (
  workspace_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  day date NOT NULL,
  kind text NOT NULL,
  calls bigint NOT NULL,
  micros bigint NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, day, kind),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channel (workspace_id, id) ON DELETE CASCADE
);

-- `sealed` holds what was typed and what the network needs to finish; `sha256` is of the state.
CREATE TABLE sign_in_there (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  sha256 bytea NOT NULL UNIQUE,
  agent_id uuid NOT NULL,
  session_id uuid,
  network text NOT NULL,
  inbox_id uuid NOT NULL,
  channel_id uuid,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON channel_spend, sign_in_there TO earful_app;
