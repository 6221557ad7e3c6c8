-- The promise register: what customers were told would be done, by when, by whom, and whether it was.

CREATE TABLE promise (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  -- `answer`: said automatically, that a person answers by then; `word`: an agent's own.
  kind text NOT NULL CHECK (kind IN ('answer', 'word')),
  words text NOT NULL DEFAULT '',
  owner_id uuid,
  made_by uuid,
  made_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  remind_at timestamptz,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'broken', 'withdrawn')),
  evidence text NOT NULL DEFAULT '',
  evidence_by uuid,
  -- When what was promised was done, also where that was late.
  done_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX promise_due ON promise (due_at) WHERE state = 'open';
CREATE INDEX promise_remind ON promise (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX promise_of_conversation ON promise (workspace_id, conversation_id);
CREATE INDEX promise_made ON promise (workspace_id, inbox_id, kind, made_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON promise TO earful_app;

-- What an inbox says while nobody is there.
CREATE TABLE responder (
  workspace_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  rules jsonb NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id)
);

-- Once per person and spell: nothing more is said before `until`.
CREATE TABLE responder_spell (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  until timestamptz NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, contact_id)
);

-- Who asked that no machine writes to them.
CREATE TABLE left_alone (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, contact_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON responder, responder_spell, left_alone TO earful_app;
