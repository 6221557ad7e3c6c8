-- What each worker process has done since it began, for /metrics of the web processes.

CREATE TABLE worker (
  name text PRIMARY KEY,
  seen_at timestamptz NOT NULL,
  counts jsonb NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON worker TO earful_app;
