-- From public to private: who was asked to come along, by what, and whether they came. One row says
-- both how two conversations belong together and how the move went. `code` is a sha256.

CREATE TABLE move (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  from_id uuid NOT NULL,
  to_id uuid,
  contact_id uuid NOT NULL,
  way text NOT NULL CHECK (way IN ('direct', 'email', 'portal')),
  agent_id uuid NOT NULL,
  code bytea,
  state text NOT NULL CHECK (state IN ('offered', 'invited', 'arrived', 'lost')),
  offered_at timestamptz NOT NULL,
  invited_at timestamptz,
  arrived_at timestamptz,
  lost_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX move_from ON move (workspace_id, from_id);
CREATE INDEX move_to ON move (workspace_id, to_id) WHERE to_id IS NOT NULL;
CREATE INDEX move_of_contact ON move (workspace_id, contact_id);
CREATE INDEX move_under_way ON move (workspace_id, invited_at) WHERE state = 'invited';
CREATE INDEX move_offered ON move (workspace_id, offered_at) WHERE state = 'offered';
CREATE UNIQUE INDEX move_code ON move (code) WHERE code IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON move TO earful_app;
