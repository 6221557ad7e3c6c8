-- What the lead's figures are counted from: one small row for each wait for a first answer, kept in
-- line with clocks and messages by a reader of the log. No words and no person: numbers and ids.
CREATE TABLE first_wait (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  began_at timestamptz NOT NULL,
  inbox_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  team_id uuid,
  -- Who gave the first answer; while there is none, whose conversation it is.
  agent_id uuid,
  severity smallint NOT NULL,
  policy_id uuid,
  -- Null where nothing was promised.
  due_at timestamptz,
  -- The clock stands still.
  held boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'answered', 'closed', 'spam', 'gone')),
  ended_at timestamptz,
  -- Seconds until it ended: by the wall, and of the hours of the policy.
  wall_for double precision,
  business_for double precision,
  PRIMARY KEY (workspace_id, conversation_id, began_at)
) WITH (fillfactor = 80);
CREATE INDEX first_wait_began ON first_wait (workspace_id, began_at, conversation_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON first_wait TO earful_app;
