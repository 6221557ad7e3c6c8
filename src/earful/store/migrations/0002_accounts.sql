-- Who may come in, and what they did. No secret is kept that a stolen copy of the database gives
-- away: passwords are argon2id, tokens are sha256 of 256 random bits, the rest is encrypted.

CREATE TABLE credential (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL,
  hash text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, agent_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);

-- confirmed_at is null until the first right code; last_step refuses a code seen before.
CREATE TABLE totp (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL,
  secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, agent_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);

CREATE TABLE recovery_code (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL,
  sha256 bytea NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (workspace_id, agent_id, sha256),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);

CREATE TABLE session (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  sha256 bytea NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  user_agent text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
-- The look-up by token is one of the few that find the workspace instead of being told it.
CREATE UNIQUE INDEX session_token ON session (sha256);
CREATE INDEX session_of_agent ON session (workspace_id, agent_id, seen_at DESC);
CREATE INDEX session_by_age ON session (expires_at);

CREATE TABLE api_token (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  name text NOT NULL,
  sha256 bytea NOT NULL,
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'write', 'admin'] AND scopes <> '{}'),
  created_at timestamptz NOT NULL,
  used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
CREATE UNIQUE INDEX api_token_token ON api_token (sha256);

-- A link that works once: an invitation, a new password, or the step between password and code.
CREATE TABLE link (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('invitation', 'password', 'step')),
  sha256 bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
CREATE UNIQUE INDEX link_token ON link (sha256);
CREATE INDEX link_of_agent ON link (workspace_id, agent_id, purpose) WHERE used_at IS NULL;

-- Attempts are counted before anybody is known, so there is no workspace here; the key is a hash,
-- because what people type into an e-mail field is sometimes their password.
CREATE TABLE throttle (
  kind text NOT NULL,
  key bytea NOT NULL,
  attempts integer NOT NULL,
  last_at timestamptz NOT NULL,
  free_at timestamptz NOT NULL,
  PRIMARY KEY (kind, key)
);
CREATE INDEX throttle_by_age ON throttle (last_at);

CREATE TABLE secret (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  key_id text NOT NULL,
  ciphertext bytea NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- Which keys something here may be encrypted with: a start without one of them is refused.
CREATE TABLE key_fingerprint (
  key_id text PRIMARY KEY,
  fingerprint bytea NOT NULL,
  first_used_at timestamptz NOT NULL
);

-- Texts are kept as sha256 only, so that erasing a person's words leaves the chain whole.
CREATE TABLE audit (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  seq bigint NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  act text NOT NULL,
  object_kind text NOT NULL,
  object_id text,
  texts bytea[] NOT NULL DEFAULT '{}',
  prev bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX audit_by_time ON audit (workspace_id, at);

GRANT SELECT, INSERT, UPDATE, DELETE ON
  credential, totp, recovery_code, session, api_token, link, throttle, secret, key_fingerprint
  TO earful_app;
-- The application can add to the audit log and read it; it can't change it.
REVOKE ALL ON audit FROM earful_app;
GRANT SELECT, INSERT ON audit TO earful_app;
