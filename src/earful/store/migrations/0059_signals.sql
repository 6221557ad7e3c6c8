-- What the desk's own posts show by themselves: how many people wrote in each five minutes (numbers
-- only), how far that was looked at, and what was worth an alert.
CREATE TABLE burst_step (
  workspace_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  at timestamptz NOT NULL,
  authors integer NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, at)
);
CREATE INDEX burst_step_at ON burst_step (workspace_id, at);

CREATE TABLE insight_watch (
  workspace_id uuid PRIMARY KEY,
  counted_until timestamptz NOT NULL,
  looked_until timestamptz NOT NULL
);

CREATE TABLE signal (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('burst', 'thread', 'look_alike', 'name_said')),
  key text NOT NULL,
  inbox_id uuid,
  conversation_id uuid,
  reason text NOT NULL,
  -- People who took part, at most at once.
  authors integer NOT NULL,
  began_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX signal_one ON signal (workspace_id, kind, key) WHERE ended_at IS NULL;
CREATE INDEX signal_newest ON signal (workspace_id, began_at DESC, id DESC);

GRANT SELECT, INSERT, UPDATE, DELETE ON burst_step, insight_watch, signal TO earful_app;
