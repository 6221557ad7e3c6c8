-- What each customer's post was judged to be, by the model or by an agent who knew better; what
-- agents corrected; and models learnt from that. Sensitive topics stand at the one message, about
-- nobody. Words of the post stand in `reasons` and `entities`: they go when its text goes.
CREATE TABLE judgement (
  workspace_id uuid NOT NULL,
  message_id uuid NOT NULL,
  kind text NOT NULL,
  sentiment real NOT NULL,
  urgency text NOT NULL,
  needs_reply boolean,
  severity smallint NOT NULL,
  language text NOT NULL,
  shaming text NOT NULL,
  sensitive text NOT NULL,
  entities jsonb NOT NULL,
  prior jsonb,
  reasons text[] NOT NULL,
  model text NOT NULL,
  corrected text[] NOT NULL DEFAULT '{}',
  judged_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, message_id)
);
CREATE INDEX judgement_at ON judgement (workspace_id, judged_at);

-- `was` and `should` are values, never words of a customer.
CREATE TABLE correction (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  about text NOT NULL,
  was text NOT NULL,
  should text NOT NULL,
  model text NOT NULL,
  agent_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX correction_at ON correction (workspace_id, at);

CREATE TABLE triage_model (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL,
  about jsonb NOT NULL,
  file bytea NOT NULL,
  in_use boolean NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX triage_model_in_use ON triage_model (workspace_id) WHERE in_use;

GRANT SELECT, INSERT, UPDATE, DELETE ON judgement, correction, triage_model TO earful_app;
