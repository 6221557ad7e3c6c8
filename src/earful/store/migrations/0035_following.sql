-- After an answer: what a person is asked once it is over, and when we look after it again.

-- What a workspace decided for an inbox; without a row, what the code says.
CREATE TABLE following_rules (
  workspace_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  rules jsonb NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id)
);

-- One row for each conversation at most: nobody is asked twice. `token` is a sha256.
CREATE TABLE rating (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  agent_id uuid,
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'asked', 'answered', 'dropped')),
  reason text NOT NULL DEFAULT '',
  ask_at timestamptz NOT NULL,
  asked_at timestamptz,
  message_id uuid,
  token bytea,
  expires_at timestamptz,
  score integer CHECK (score BETWEEN 1 AND 5),
  words text NOT NULL DEFAULT '',
  answered_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX rating_once ON rating (workspace_id, conversation_id);
CREATE UNIQUE INDEX rating_token ON rating (token) WHERE token IS NOT NULL;
CREATE INDEX rating_due ON rating (ask_at) WHERE state = 'due';
CREATE INDEX rating_of_contact ON rating (workspace_id, contact_id);
CREATE INDEX rating_asked ON rating (workspace_id, asked_at) WHERE asked_at IS NOT NULL;

-- One that waits for each conversation. `kind` silence ends by itself when the customer writes.
CREATE TABLE follow_up (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid,
  kind text NOT NULL CHECK (kind IN ('date', 'silence')),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'due', 'done', 'dropped')),
  note text NOT NULL DEFAULT '',
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX follow_up_one ON follow_up (workspace_id, conversation_id)
  WHERE state IN ('waiting', 'due');
CREATE INDEX follow_up_due ON follow_up (due_at) WHERE state = 'waiting';
CREATE INDEX follow_up_came ON follow_up (workspace_id, due_at) WHERE state = 'due';

GRANT SELECT, INSERT, UPDATE, DELETE ON following_rules, rating, follow_up TO earful_app;
