-- Rules of the workspace, in the order in which they act, and on which posts each has acted: on none
-- twice. No words of customers: what they did is in the log.
CREATE TABLE rule (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  spec jsonb NOT NULL,
  is_on boolean NOT NULL,
  on_since timestamptz NOT NULL,
  place integer NOT NULL,
  acted_at timestamptz,
  trouble text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE rule_act (
  workspace_id uuid NOT NULL,
  rule_id uuid NOT NULL,
  message_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, rule_id, message_id)
);
CREATE INDEX rule_act_at ON rule_act (at);

GRANT SELECT, INSERT, UPDATE, DELETE ON rule, rule_act TO earful_app;
