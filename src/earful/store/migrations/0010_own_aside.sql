-- Own posts that came while a delivery of their channel was under way: echoes of it, or written in
-- the network's own app. What became of them is decided when those deliveries are settled.

CREATE TABLE own_aside (
  workspace_id uuid NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  channel_id uuid NOT NULL,
  external_id text NOT NULL,
  change jsonb NOT NULL,
  waits_for uuid[] NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, number)
);
CREATE INDEX own_aside_of ON own_aside (workspace_id, channel_id, external_id);

GRANT SELECT, INSERT, DELETE ON own_aside TO earful_app;
