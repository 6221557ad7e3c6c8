-- Deletions told before their posts. A firehose tells everybody's, nearly all of posts that never
-- come here: so a row is small, has no words of the network in it, and goes after two days.

CREATE TABLE tombstone (
  workspace_id uuid NOT NULL,
  post uuid NOT NULL,
  deleted_at timestamptz NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, post)
);
-- They come in the order of their time: ranges of pages find the old ones.
CREATE INDEX tombstone_by_age ON tombstone USING brin (told_at);

GRANT SELECT, INSERT, DELETE ON tombstone TO earful_app;
