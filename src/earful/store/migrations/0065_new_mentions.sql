-- How many mentions wait, by channel, is counted in an index; those of one search among many are
-- found by it.
CREATE INDEX mention_new ON mention (workspace_id, channel_id) WHERE state = 'new';
CREATE INDEX mention_of_search ON mention USING gin (search_ids);
