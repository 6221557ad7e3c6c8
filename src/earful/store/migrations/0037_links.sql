-- One person, several handles. Contacts are never merged: a link stands between two of them, with
-- the consent it rests on, and taking it away parts them exactly as they were.

CREATE TABLE contact_link (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  one_id uuid NOT NULL,
  other_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'linked', 'withdrawn', 'parted')),
  how text NOT NULL DEFAULT '' CHECK (how IN ('', 'code', 'agreement')),
  -- What the consent can be read in: messages of theirs, and the one that carried the code.
  messages uuid[] NOT NULL DEFAULT '{}',
  agent_id uuid NOT NULL,
  confirmed_by uuid,
  proposed_at timestamptz NOT NULL,
  linked_at timestamptz,
  ended_at timestamptz,
  ended_by uuid,
  PRIMARY KEY (workspace_id, id),
  CHECK (one_id <> other_id),
  CHECK (state <> 'linked' OR (how <> '' AND linked_at IS NOT NULL))
);
CREATE UNIQUE INDEX contact_link_once ON contact_link
  (workspace_id, least(one_id, other_id), greatest(one_id, other_id))
  WHERE state IN ('proposed', 'linked');
CREATE INDEX contact_link_one ON contact_link (workspace_id, one_id);
CREATE INDEX contact_link_other ON contact_link (workspace_id, other_id);

-- `digest` is under the workspace's own key: eight letters alone could be tried out.
CREATE TABLE link_code (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  digest bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX link_code_open ON link_code (workspace_id, expires_at) WHERE used_at IS NULL;
CREATE INDEX link_code_of ON link_code (workspace_id, contact_id);

-- Wrong codes by who sent them, while any code is open.
CREATE TABLE link_guess (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  tries integer NOT NULL,
  first_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, contact_id)
);

-- The network by which a person wishes to be written to; empty as long as nobody said.
ALTER TABLE contact ADD COLUMN preferred text NOT NULL DEFAULT '';

-- All contacts that are the same person as this one, by whatever chain of links; it is among them.
CREATE FUNCTION same_person(workspace uuid, contact uuid) RETURNS uuid[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE same (id) AS (
    SELECT contact
    UNION
    SELECT n.id FROM same s CROSS JOIN LATERAL (
      SELECT l.other_id AS id FROM contact_link l
      WHERE l.workspace_id = workspace AND l.one_id = s.id AND l.state = 'linked'
      UNION ALL
      SELECT l.one_id FROM contact_link l
      WHERE l.workspace_id = workspace AND l.other_id = s.id AND l.state = 'linked') n)
  SELECT array_agg(id ORDER BY id) FROM same
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON contact_link, link_code, link_guess TO earful_app;
