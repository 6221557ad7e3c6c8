-- Which worker asks tonight what became of a channel's posts, and behind which message it goes on:
-- what was cut off goes on where it was.
ALTER TABLE channel ADD COLUMN revisited_by text NOT NULL DEFAULT '', ADD COLUMN revisit_from uuid;
