-- The desk's first tables. workspace_id leads every key. The application's role owns nothing: it is
-- granted what it does, and an event can be read and appended and, on erasure, scrubbed.

CREATE TABLE workspace (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  rehearsal boolean NOT NULL DEFAULT false,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL
);

-- The gapless order of events: this row is locked last in each transaction.
CREATE TABLE event_counter (
  workspace_id uuid PRIMARY KEY REFERENCES workspace (id),
  seq bigint NOT NULL DEFAULT 0
);

CREATE TABLE event (
  workspace_id uuid NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  actor jsonb NOT NULL,
  conversation_id uuid,
  inbox_id uuid,
  data jsonb NOT NULL,
  PRIMARY KEY (workspace_id, seq)
);
CREATE INDEX event_of_conversation ON event (workspace_id, conversation_id, seq)
  WHERE conversation_id IS NOT NULL;
CREATE INDEX event_by_age ON event (at);

CREATE TABLE agent (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  handle text NOT NULL,
  email text NOT NULL,
  initials text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'lead', 'agent', 'viewer')),
  undo_for integer NOT NULL DEFAULT 5 CHECK (undo_for BETWEEN 0 AND 60),
  preferences jsonb NOT NULL DEFAULT '{}',
  disabled_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX agent_email ON agent (lower(email));
CREATE UNIQUE INDEX agent_handle ON agent (workspace_id, lower(handle));

CREATE TABLE inbox (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);

-- No row for an inbox means that everybody works in it.
CREATE TABLE inbox_member (
  workspace_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, agent_id),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES inbox (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);

CREATE TABLE channel (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  network text NOT NULL,
  external_id text NOT NULL,
  handle text NOT NULL,
  name text NOT NULL,
  inbox_id uuid NOT NULL,
  config jsonb NOT NULL DEFAULT '{}',
  secret bytea,
  session bytea,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'held', 'reauthorize', 'off')),
  state_reason text NOT NULL DEFAULT '',
  cursor jsonb,
  listener_until timestamptz,
  listener text,
  budget jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES inbox (workspace_id, id)
);
CREATE UNIQUE INDEX channel_account ON channel (workspace_id, network, external_id)
  WHERE state <> 'off';

CREATE TABLE contact (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE contact_handle (
  workspace_id uuid NOT NULL,
  network text NOT NULL,
  external_id text NOT NULL,
  contact_id uuid NOT NULL,
  handle text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (workspace_id, network, external_id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contact (workspace_id, id)
);
CREATE INDEX contact_handle_of ON contact_handle (workspace_id, contact_id);

CREATE TABLE conversation (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  network text NOT NULL,
  visibility text NOT NULL DEFAULT 'public',
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'pending', 'snoozed', 'resolved')),
  severity smallint NOT NULL DEFAULT 4 CHECK (severity BETWEEN 1 AND 5),
  severity_reason text NOT NULL DEFAULT '',
  contact_id uuid NOT NULL,
  contact_name text NOT NULL,
  contact_handle text NOT NULL,
  assignee_id uuid,
  preview text NOT NULL DEFAULT '',
  tags text[] NOT NULL DEFAULT '{}',
  unanswered integer NOT NULL DEFAULT 0,
  people integer NOT NULL DEFAULT 1,
  opened_at timestamptz NOT NULL,
  last_message_at timestamptz NOT NULL,
  waiting_since timestamptz,
  clock_started_at timestamptz,
  due_at timestamptz,
  snoozed_until timestamptz,
  snooze_on_reply boolean NOT NULL DEFAULT false,
  disposition text,
  disposition_reason text NOT NULL DEFAULT '',
  sending integer NOT NULL DEFAULT 0,
  trouble text NOT NULL DEFAULT '',
  merged_into uuid,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (workspace_id, id),
  CHECK ((status = 'resolved') = (disposition IS NOT NULL))
);
-- One conversation at a time with one person in one inbox: an index, not a look-up.
CREATE UNIQUE INDEX conversation_one_open ON conversation (workspace_id, inbox_id, contact_id)
  WHERE status <> 'resolved';
CREATE INDEX conversation_next ON conversation
  (workspace_id, (severity <> 1), coalesce(due_at, 'infinity'::timestamptz), severity, id)
  WHERE status = 'open';
CREATE INDEX conversation_newest ON conversation (workspace_id, last_message_at DESC, id DESC);
CREATE INDEX conversation_by_status ON conversation
  (workspace_id, status, last_message_at DESC, id DESC);
CREATE INDEX conversation_of_assignee ON conversation
  (workspace_id, assignee_id, last_message_at DESC, id DESC) WHERE status <> 'resolved';
CREATE INDEX conversation_of_contact ON conversation (workspace_id, contact_id, opened_at DESC);
-- The header's figures read this alone.
CREATE INDEX conversation_waiting ON conversation
  (workspace_id, waiting_since) INCLUDE (unanswered, due_at, inbox_id) WHERE unanswered > 0;
CREATE INDEX conversation_troubled ON conversation (workspace_id, last_message_at DESC, id DESC)
  WHERE trouble <> '';
CREATE INDEX conversation_snoozed ON conversation (snoozed_until)
  WHERE status = 'snoozed' AND snoozed_until IS NOT NULL;
CREATE INDEX conversation_tags ON conversation USING gin (tags) WITH (fastupdate = off);

-- Once only, per post of a network in a workspace. Never partitioned.
CREATE TABLE accepted (
  workspace_id uuid NOT NULL,
  network text NOT NULL,
  external_id text NOT NULL,
  message_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, network, external_id)
);

CREATE TABLE message (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  direction text NOT NULL CHECK (direction IN ('incoming', 'outgoing', 'note', 'activity')),
  visibility text NOT NULL,
  author_kind text NOT NULL CHECK (author_kind IN ('contact', 'agent', 'system', 'account')),
  author_id uuid,
  author_name text NOT NULL,
  author_handle text NOT NULL,
  text text NOT NULL,
  language text NOT NULL DEFAULT '',
  media jsonb NOT NULL DEFAULT '[]',
  mentions uuid[] NOT NULL DEFAULT '{}',
  network text,
  external_id text,
  uri text NOT NULL DEFAULT '',
  ref jsonb,
  root_external_id text,
  parent_external_id text,
  parent_looked boolean NOT NULL DEFAULT false,
  parent_id uuid,
  published_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  disposition text CHECK
    (disposition IN ('answered', 'resolved', 'merged', 'spam', 'deleted', 'context')),
  settled_at timestamptz,
  edited_at timestamptz,
  deleted_at timestamptz,
  search tsvector,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX message_of_conversation ON message (workspace_id, conversation_id, published_at, id);
CREATE INDEX message_orphan ON message (workspace_id, network, parent_external_id)
  WHERE parent_external_id IS NOT NULL AND parent_id IS NULL;
CREATE INDEX message_parent_unseen ON message (received_at)
  WHERE parent_external_id IS NOT NULL AND parent_id IS NULL AND NOT parent_looked;
CREATE INDEX message_unanswered ON message (workspace_id, received_at, conversation_id)
  WHERE direction = 'incoming' AND disposition IS NULL;
CREATE INDEX message_inbound ON message (workspace_id, received_at) INCLUDE (disposition)
  WHERE direction = 'incoming';
CREATE INDEX message_newest ON message (workspace_id, received_at, id);
CREATE INDEX message_search ON message USING gin (search);

-- What a post said before it was edited; purgeable without touching the fact of the edit.
CREATE TABLE message_revision (
  workspace_id uuid NOT NULL,
  message_id uuid NOT NULL,
  replaced_at timestamptz NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (workspace_id, message_id, replaced_at)
);

CREATE TABLE clock (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('first_response', 'next_response')),
  policy jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  met_at timestamptz,
  breached_at timestamptz,
  stopped_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX clock_one_running ON clock (workspace_id, conversation_id)
  WHERE stopped_at IS NULL;
CREATE INDEX clock_met ON clock (workspace_id, conversation_id) WHERE met_at IS NOT NULL;
CREATE INDEX clock_due ON clock (due_at) WHERE stopped_at IS NULL AND breached_at IS NULL;

CREATE TABLE draft (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  content jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, agent_id)
);
CREATE INDEX draft_of_agent ON draft (workspace_id, agent_id);

CREATE TABLE delivery (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  draft jsonb NOT NULL,
  after_sent text NOT NULL DEFAULT 'pending' CHECK (after_sent IN ('stay', 'pending', 'resolve')),
  covers uuid[] NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'queued' CHECK
    (state IN ('queued', 'sending', 'sent', 'held', 'failed', 'uncertain', 'undone')),
  error text NOT NULL DEFAULT '',
  run_at timestamptz NOT NULL,
  lease_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  first_sending_at timestamptz,
  settle_at timestamptz,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX delivery_due ON delivery (run_at) WHERE state = 'queued';
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state = 'sending';
CREATE INDEX delivery_uncertain ON delivery (settle_at) WHERE state = 'uncertain';
CREATE INDEX delivery_of_message ON delivery (workspace_id, message_id);
CREATE INDEX delivery_in_flight ON delivery (workspace_id, conversation_id)
  WHERE state IN ('queued', 'sending', 'held', 'failed', 'uncertain');

CREATE TABLE set_aside (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  external_id text NOT NULL,
  reason text NOT NULL,
  payload jsonb NOT NULL,
  at timestamptz NOT NULL,
  replayed_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX set_aside_once ON set_aside (workspace_id, channel_id, external_id)
  WHERE replayed_at IS NULL;

CREATE TABLE tag (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  name text NOT NULL,
  color text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, name)
);

CREATE TABLE macro (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE saved_view (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  filter jsonb NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE media (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  sha256 bytea NOT NULL,
  mime text NOT NULL,
  bytes integer NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE idempotency (
  workspace_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status integer NOT NULL,
  answer bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, agent_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE webhook (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  url text NOT NULL,
  kinds text[] NOT NULL DEFAULT '{}',
  secret bytea NOT NULL,
  seq bigint NOT NULL,
  state text NOT NULL DEFAULT 'active',
  error text NOT NULL DEFAULT '',
  run_at timestamptz NOT NULL,
  lease_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

GRANT USAGE ON SCHEMA public TO earful_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  workspace, event_counter, agent, inbox, inbox_member, channel, contact, contact_handle,
  conversation, accepted, message, message_revision, clock, draft, delivery,
  set_aside, tag, macro, saved_view, media, idempotency, webhook
  TO earful_app;
GRANT SELECT, INSERT, DELETE ON event TO earful_app;
GRANT UPDATE (data) ON event TO earful_app;
