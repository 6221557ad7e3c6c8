-- When it was last asked what became of a channel's posts, where its network does not tell of every
-- deletion by itself.
ALTER TABLE channel ADD COLUMN revisited_at timestamptz;
