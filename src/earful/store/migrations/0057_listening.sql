-- Saved searches, how far each came on each channel, and what they found: posts that do not address
-- us. A mention is no conversation until a person takes it in.
CREATE TABLE saved_search (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  query text NOT NULL,
  channels uuid[] NOT NULL,
  languages text[] NOT NULL,
  alert boolean NOT NULL,
  is_on boolean NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE search_turn (
  workspace_id uuid NOT NULL,
  search_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  cursor jsonb,
  next_at timestamptz NOT NULL,
  problem text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, search_id, channel_id)
);
CREATE INDEX search_turn_next ON search_turn (next_at);

CREATE TABLE mention (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  channel_id uuid NOT NULL,
  network text NOT NULL,
  external_id text NOT NULL,
  search_ids uuid[] NOT NULL,
  author_external_id text NOT NULL,
  author_handle text NOT NULL,
  author_name text NOT NULL,
  author_avatar text NOT NULL,
  text text NOT NULL,
  language text NOT NULL,
  url text NOT NULL,
  post jsonb NOT NULL,
  kind text NOT NULL,
  sentiment real NOT NULL,
  severity smallint NOT NULL,
  state text NOT NULL,
  published_at timestamptz NOT NULL,
  found_at timestamptz NOT NULL,
  settled_at timestamptz,
  agent_id uuid,
  conversation_id uuid,
  PRIMARY KEY (workspace_id, id),
  CHECK (state IN ('new', 'taken', 'dismissed', 'outreach'))
);
CREATE UNIQUE INDEX mention_once ON mention (workspace_id, network, external_id);
CREATE INDEX mention_by_state ON mention (workspace_id, state, found_at DESC, id DESC);
CREATE INDEX mention_found ON mention (workspace_id, found_at DESC, id DESC);
CREATE INDEX mention_age ON mention (found_at) WHERE state <> 'taken';
CREATE INDEX mention_of_channel ON mention (workspace_id, channel_id, id DESC);
CREATE INDEX mention_of_author ON mention (workspace_id, network, author_external_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON saved_search, search_turn, mention TO earful_app;
