-- The portal: pages of the desk's own on which people without any account write and read.

CREATE TABLE portal (
  workspace_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  logo_id uuid,
  live_at timestamptz,
  seq bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, channel_id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channel (workspace_id, id) ON DELETE CASCADE
);

-- An address names no workspace, so it is one desk's only once.
CREATE UNIQUE INDEX channel_portal ON channel (external_id)
  WHERE network = 'portal' AND state <> 'off';

CREATE TABLE portal_thread (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  public boolean NOT NULL,
  name text NOT NULL,
  email text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  answered_at timestamptz,
  seen_at timestamptz,
  notice_at timestamptz,
  hidden_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES portal (workspace_id, channel_id)
    ON DELETE CASCADE
);
CREATE INDEX portal_thread_by_age ON portal_thread (workspace_id, channel_id, last_at);
CREATE INDEX portal_thread_of ON portal_thread (workspace_id, channel_id, email) WHERE email <> '';
CREATE INDEX portal_thread_notice ON portal_thread (notice_at) WHERE notice_at IS NOT NULL;

-- `sha256` is of the token in the link: whoever has the link is let in, and nobody else.
CREATE TABLE portal_link (
  sha256 bytea PRIMARY KEY,
  workspace_id uuid NOT NULL,
  thread_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  FOREIGN KEY (workspace_id, thread_id) REFERENCES portal_thread (workspace_id, id)
    ON DELETE CASCADE
);
CREATE INDEX portal_link_of ON portal_link (workspace_id, thread_id);

-- `key` is the form's or the delivery's: the same twice is one message. Without a thread it is a
-- notice for everybody.
CREATE TABLE portal_message (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  thread_id uuid,
  seq bigint NOT NULL,
  own boolean NOT NULL,
  key text NOT NULL,
  before_id uuid,
  text text NOT NULL,
  invitation text NOT NULL DEFAULT '',
  media uuid[] NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL,
  hidden_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, channel_id, seq),
  UNIQUE (workspace_id, channel_id, key),
  FOREIGN KEY (workspace_id, thread_id) REFERENCES portal_thread (workspace_id, id)
    ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, channel_id) REFERENCES portal (workspace_id, channel_id)
    ON DELETE CASCADE
);
CREATE INDEX portal_message_of ON portal_message (workspace_id, thread_id, seq);

GRANT SELECT, INSERT, UPDATE, DELETE ON portal, portal_thread, portal_link, portal_message
  TO earful_app;

-- Letters go to visitors too.
ALTER TABLE letter ALTER COLUMN agent_id DROP NOT NULL;
