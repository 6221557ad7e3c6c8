-- The waits that follow a first answer: for each next answer, and for the end of the conversation,
-- where the policy promises them. As first_wait: numbers and ids, no words and no person.
CREATE TABLE later_wait (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('next_response', 'resolution')),
  began_at timestamptz NOT NULL,
  inbox_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  team_id uuid,
  agent_id uuid,
  severity smallint NOT NULL,
  policy_id uuid,
  due_at timestamptz,
  held boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'answered', 'closed', 'spam', 'gone')),
  ended_at timestamptz,
  wall_for double precision,
  business_for double precision,
  PRIMARY KEY (workspace_id, conversation_id, kind, began_at)
) WITH (fillfactor = 80);
CREATE INDEX later_wait_began ON later_wait (workspace_id, began_at, conversation_id, kind);

GRANT SELECT, INSERT, UPDATE, DELETE ON later_wait TO earful_app;
