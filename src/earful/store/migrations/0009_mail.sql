-- The workspace's way to send mail of its own, and the letters that wait to be sent by it.

CREATE TABLE mail_server (
  workspace_id uuid PRIMARY KEY REFERENCES workspace (id),
  host text NOT NULL,
  port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  security text NOT NULL CHECK (security IN ('tls', 'starttls', 'none')),
  username text NOT NULL DEFAULT '',
  password bytea,
  sender text NOT NULL,
  trouble text NOT NULL DEFAULT '',
  trouble_at timestamptz,
  changed_at timestamptz NOT NULL
);

-- A letter carries a link that lets somebody in: it is sealed, and deleted once it is sent.
CREATE TABLE letter (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  sealed bytea NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL,
  lease_until timestamptz,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
CREATE INDEX letter_due ON letter (run_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON mail_server, letter TO earful_app;
