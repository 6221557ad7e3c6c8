-- When what waited with an agent who went away was put back for others, once for each time.
ALTER TABLE agent_status ADD COLUMN freed_at timestamptz;
