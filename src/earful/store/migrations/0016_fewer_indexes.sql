-- Indexes that nothing reads any more, or that held every conversation for the sake of a few.

-- The ledger counts by message_newest. Without these two, the disposition of a message stands in no
-- index, so that settling one need not touch them all.
DROP INDEX message_unanswered;
DROP INDEX message_inbound;

-- Most conversations have no tag.
DROP INDEX conversation_tags;
CREATE INDEX conversation_tags ON conversation USING gin (tags) WITH (fastupdate = off)
  WHERE tags <> '{}';
