-- A judge elsewhere that an operator turned on, one a workspace; and how it is doing.
CREATE TABLE triage_endpoint (
  workspace_id uuid PRIMARY KEY,
  url text NOT NULL,
  model text NOT NULL,
  key bytea,
  since timestamptz NOT NULL,
  trouble text NOT NULL DEFAULT '',
  trouble_at timestamptz
);
GRANT SELECT, INSERT, UPDATE, DELETE ON triage_endpoint TO earful_app;
