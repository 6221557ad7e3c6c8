-- How often somebody came, counted by all processes together. The key is a hash: it may be an
-- address, and it is counted before anybody is known. Lost in a crash, which costs nothing.
CREATE UNLOGGED TABLE pace (
  key bytea PRIMARY KEY,
  full_at timestamptz NOT NULL
);
CREATE INDEX pace_by_age ON pace (full_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON pace TO earful_app;
