-- Conversations whose posts say the same have the same fold. A fold keeps the sketch of the post it
-- began with, in numbers that no word can be read from, and bands under which posts like it find it.
CREATE TABLE fold (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  sketch bytea NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX fold_age ON fold (made_at);

CREATE TABLE fold_band (
  workspace_id uuid NOT NULL,
  band bigint NOT NULL,
  fold_id uuid NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, band)
);
CREATE INDEX fold_band_age ON fold_band (made_at);

-- One that says several things has a fold of its own: itself.
CREATE TABLE folded (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  fold_id uuid NOT NULL,
  kept_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id)
);
CREATE INDEX folded_of ON folded (workspace_id, fold_id);
CREATE INDEX folded_age ON folded (kept_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON fold, fold_band, folded TO earful_app;
