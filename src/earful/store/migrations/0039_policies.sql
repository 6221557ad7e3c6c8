-- Hours, and how long people may wait. What was once in force is kept: a clock names the version of
-- the policy that it ran under, and that version holds its hours.

CREATE TABLE hours (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  calendar jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE hours_version (
  workspace_id uuid NOT NULL,
  hours_id uuid NOT NULL,
  version integer NOT NULL,
  name text NOT NULL,
  calendar jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  agent_id uuid,
  PRIMARY KEY (workspace_id, hours_id, version)
);

CREATE TABLE policy (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  position integer NOT NULL,
  version_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE policy_version (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  policy_id uuid NOT NULL,
  version integer NOT NULL,
  terms jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  agent_id uuid,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX policy_version_of ON policy_version (workspace_id, policy_id, version);

-- Words by which a policy knows a contact, such as vip.
CREATE TABLE contact_tag (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  tag text NOT NULL,
  PRIMARY KEY (workspace_id, contact_id, tag)
);

-- `next_at`: when the clock says something next; null when it has nothing more to say.
-- `waits_since`: the wait it stands for, where that is not `started_at`.
-- `counted_from` and `left_for`: where counting went on after a pause, and with how much.
ALTER TABLE clock
  ADD COLUMN policy_id uuid,
  ADD COLUMN severity smallint,
  ADD COLUMN next_at timestamptz,
  ADD COLUMN warned smallint NOT NULL DEFAULT 0,
  ADD COLUMN overrun_at timestamptz,
  ADD COLUMN waits_since timestamptz,
  ADD COLUMN paused_at timestamptz,
  ADD COLUMN counted_from timestamptz,
  ADD COLUMN left_for interval,
  ADD COLUMN ended_as text CHECK (ended_as IN ('answered', 'ended', 'merged', 'replaced', 'resolved')),
  ALTER COLUMN policy SET DEFAULT '{}',
  DROP CONSTRAINT clock_kind_check,
  ADD CONSTRAINT clock_kind_check
    CHECK (kind IN ('first_response', 'next_response', 'resolution'));
UPDATE clock SET next_at = due_at WHERE stopped_at IS NULL AND breached_at IS NULL;
DROP INDEX clock_due;
CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL;
DROP INDEX clock_one_running;
CREATE UNIQUE INDEX clock_one_running ON clock (workspace_id, conversation_id)
  WHERE stopped_at IS NULL AND kind <> 'resolution';
CREATE UNIQUE INDEX clock_one_resolution ON clock (workspace_id, conversation_id)
  WHERE stopped_at IS NULL AND kind = 'resolution';

ALTER TABLE conversation ADD COLUMN clock_policy_id uuid;

GRANT SELECT, INSERT, UPDATE, DELETE ON hours, hours_version, policy, policy_version, contact_tag
  TO earful_app;
