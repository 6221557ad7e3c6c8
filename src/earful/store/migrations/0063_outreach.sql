-- People who did not write to us, but ask for what we offer: off until an owner turns it on, by
-- network. What is written down of a contact outlives its post, so that nobody is asked twice.
ALTER TABLE saved_search ADD COLUMN outreach boolean NOT NULL DEFAULT false;

CREATE TABLE outreach_rules (
  workspace_id uuid NOT NULL,
  network text NOT NULL,
  is_on boolean NOT NULL,
  cap_day integer NOT NULL,
  cap_agent integer NOT NULL,
  quiet_days integer NOT NULL,
  quiet_from smallint NOT NULL,
  quiet_to smallint NOT NULL,
  zone text NOT NULL,
  PRIMARY KEY (workspace_id, network)
);

CREATE TABLE outreach_candidate (
  workspace_id uuid NOT NULL,
  mention_id uuid NOT NULL,
  score smallint NOT NULL,
  reasons text[] NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, mention_id),
  FOREIGN KEY (workspace_id, mention_id) REFERENCES mention (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX outreach_best ON outreach_candidate (workspace_id, score DESC, mention_id DESC);
CREATE INDEX outreach_until ON outreach_candidate (until);

CREATE TABLE outreach_contact (
  workspace_id uuid NOT NULL,
  network text NOT NULL,
  external_id text NOT NULL,
  contact_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, network, external_id)
);
CREATE INDEX outreach_contact_at ON outreach_contact (workspace_id, network, at);
CREATE INDEX outreach_contact_person ON outreach_contact (workspace_id, contact_id);

CREATE TABLE outreach_opt_out (
  workspace_id uuid NOT NULL,
  network text NOT NULL,
  external_id text NOT NULL,
  agent_id uuid,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, network, external_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE
  ON outreach_rules, outreach_candidate, outreach_contact, outreach_opt_out TO earful_app;
