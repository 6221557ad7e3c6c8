-- Who is there when.

-- A pattern of wall-clock times; weekdays count from Monday, 0. A single shift has one day.
CREATE TABLE shift (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  team_id uuid,
  zone text NOT NULL,
  weekdays integer[] NOT NULL,
  opens integer NOT NULL CHECK (opens BETWEEN 0 AND 86399),
  closes integer NOT NULL CHECK (closes > opens AND closes <= opens + 86400),
  from_day date NOT NULL,
  until_day date CHECK (until_day >= from_day),
  every integer NOT NULL DEFAULT 1 CHECK (every BETWEEN 1 AND 52),
  skipped date[] NOT NULL DEFAULT '{}',
  on_call boolean NOT NULL DEFAULT false,
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
CREATE INDEX shift_ending ON shift (workspace_id, until_day);

CREATE TABLE absence (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('holiday', 'sick', 'other')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
CREATE INDEX absence_ending ON absence (workspace_id, ends_at);

-- What an agent says of herself, and what she can do. Without a row: away, and nothing special.
CREATE TABLE agent_status (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  agent_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'away' CHECK (status IN ('here', 'busy', 'away')),
  -- What she will be again when her browser is back.
  returns_as text CHECK (returns_as IN ('here', 'busy')),
  since timestamptz NOT NULL,
  seen_at timestamptz,
  capacity integer CHECK (capacity BETWEEN 0 AND 1000),
  skills text[] NOT NULL DEFAULT '{}',
  languages text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, agent_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
CREATE INDEX agent_status_seen ON agent_status (seen_at) WHERE status <> 'away';

-- How an inbox gives out its conversations; without a row, people take them.
CREATE TABLE assignment_rule (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  inbox_id uuid NOT NULL,
  rule jsonb NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id)
);

-- When an agent had her last turn in an inbox; `turn` counts up in the inbox.
CREATE TABLE assignment_turn (
  workspace_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  turn bigint NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, agent_id)
);

-- How many posts came in an hour (UTC), for the demand beside the roster.
CREATE TABLE inbound_hour (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  hour timestamptz NOT NULL,
  inbox_id uuid NOT NULL,
  posts integer NOT NULL,
  PRIMARY KEY (workspace_id, hour, inbox_id)
);

-- A calendar that a program may read by a secret address; `token` is a sha256.
CREATE TABLE roster_feed (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  agent_id uuid,
  team_id uuid,
  token bytea NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX roster_feed_token ON roster_feed (token);

GRANT SELECT, INSERT, UPDATE, DELETE ON shift, absence, agent_status, assignment_rule,
  assignment_turn, inbound_hour, roster_feed TO earful_app;
