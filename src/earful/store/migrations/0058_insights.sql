-- The whole picture: what people speak of in a day or a week, and the posts that say it. What is
-- kept in words was said by three people or more; it goes after some weeks.
CREATE TABLE picture (
  workspace_id uuid NOT NULL,
  day date NOT NULL,
  span text NOT NULL CHECK (span IN ('day', 'week')),
  made_at timestamptz NOT NULL,
  -- Posts of the time, those that were read, and their people.
  posts integer NOT NULL,
  read integer NOT NULL,
  authors integer NOT NULL,
  -- Of a day: how many people said what.
  counts jsonb NOT NULL,
  PRIMARY KEY (workspace_id, day, span)
);

CREATE TABLE theme (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  day date NOT NULL,
  span text NOT NULL,
  rank smallint NOT NULL,
  label text NOT NULL,
  phrases text[] NOT NULL,
  usual real NOT NULL,
  course integer[] NOT NULL,
  suspected text[] NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX theme_one ON theme (workspace_id, day, span, label);

CREATE TABLE theme_post (
  workspace_id uuid NOT NULL,
  theme_id uuid NOT NULL,
  message_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, theme_id, message_id),
  FOREIGN KEY (workspace_id, theme_id) REFERENCES theme (workspace_id, id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON picture, theme, theme_post TO earful_app;
