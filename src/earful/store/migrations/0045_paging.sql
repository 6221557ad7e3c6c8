-- People are woken: by which way, up which ladder, for what; and what was raised.

-- Where somebody, or a team, is reached. `sealed` is the address.
CREATE TABLE pager (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid,
  team_id uuid,
  name text NOT NULL,
  service text NOT NULL,
  host text NOT NULL DEFAULT '',
  sealed bytea NOT NULL,
  -- The way that is tried first has the lowest.
  position integer NOT NULL,
  reached_at timestamptz,
  trouble text NOT NULL DEFAULT '',
  trouble_at timestamptz,
  tested_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  CHECK (num_nonnulls(agent_id, team_id) = 1)
);

-- When a person is not to be woken, on her own wall clock.
CREATE TABLE quiet_hours (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL,
  zone text NOT NULL,
  starts integer NOT NULL,
  ends integer NOT NULL,
  wakes_for_gravest boolean NOT NULL DEFAULT true,
  PRIMARY KEY (workspace_id, agent_id)
);

CREATE TABLE ladder (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  steps jsonb NOT NULL,
  rounds integer NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- What pages: one row for each cause that is switched on.
CREATE TABLE paging_rule (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  cause text NOT NULL,
  ladder_id uuid NOT NULL,
  after_for integer NOT NULL,
  again_for integer NOT NULL,
  PRIMARY KEY (workspace_id, cause),
  FOREIGN KEY (workspace_id, ladder_id) REFERENCES ladder (workspace_id, id)
);

-- One matter. `key` names it: one is open at a time. It keeps the ladder that it was raised with.
CREATE TABLE alert (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  cause text NOT NULL,
  key text NOT NULL,
  inbox_id uuid,
  channel_id uuid,
  conversation_id uuid,
  severity smallint,
  count integer NOT NULL DEFAULT 0,
  steps jsonb NOT NULL,
  rounds integer NOT NULL,
  state text NOT NULL DEFAULT 'raised' CHECK (state IN ('raised', 'acknowledged', 'cleared')),
  step integer NOT NULL DEFAULT 0,
  round integer NOT NULL DEFAULT 0,
  -- The next step; null when there is none.
  run_at timestamptz,
  reached integer NOT NULL DEFAULT 0,
  trouble text NOT NULL DEFAULT '',
  raised_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  acknowledged_name text NOT NULL DEFAULT '',
  cleared_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX alert_one ON alert (workspace_id, key) WHERE cleared_at IS NULL;
CREATE INDEX alert_newest ON alert (workspace_id, raised_at DESC, id DESC);
CREATE INDEX alert_due ON alert (run_at) WHERE state = 'raised' AND run_at IS NOT NULL;

-- The conversations of an open alert; they go when it is over.
CREATE TABLE alert_case (
  workspace_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, alert_id, conversation_id)
);

-- One telling of an alert, by one way. `link` is the sealed token of its link, `token` its sha256.
CREATE TABLE page (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  alert_id uuid NOT NULL,
  round integer NOT NULL,
  step integer NOT NULL,
  pager_id uuid NOT NULL,
  agent_id uuid,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped')),
  token bytea NOT NULL,
  link bytea,
  attempts integer NOT NULL DEFAULT 0,
  error text NOT NULL DEFAULT '',
  run_at timestamptz NOT NULL,
  lease_until timestamptz,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, alert_id) REFERENCES alert (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX page_once ON page (workspace_id, alert_id, round, step, pager_id);
CREATE UNIQUE INDEX page_token ON page (token);
CREATE INDEX page_due ON page (run_at) WHERE state IN ('queued', 'sending');

-- When a person last did something in an inbox; kept only where an unattended queue pages.
CREATE TABLE attended (
  workspace_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id)
);

-- Since when a channel has been in trouble.
CREATE TABLE channel_trouble (
  workspace_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, channel_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON pager, quiet_hours, ladder, paging_rule, alert, alert_case,
  page, attended, channel_trouble TO earful_app;
