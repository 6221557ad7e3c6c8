-- Open promises are listed by the page, the most urgent first; and those to one person are found when
-- they are handed over or erased.
CREATE INDEX promise_open ON promise (workspace_id, due_at, id) WHERE state = 'open';
CREATE INDEX promise_to ON promise (workspace_id, contact_id);
