-- The words of a message and the week it came in, in one index: a search walks back a few weeks at
-- a time instead of collecting every place of a common word in all the years. Code from before
-- asks for the words alone, which this index answers as well.
CREATE INDEX message_search_by_week ON message
  USING gin ((ARRAY[date_trunc('week', received_at AT TIME ZONE 'UTC')]), search);
DROP INDEX message_search;
