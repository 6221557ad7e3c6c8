-- Why a post was set aside, or let go, may quote the post. From now on it is emptied once that is
-- over, and events never hold it; what was written before is brought in line.
UPDATE event SET data = data - 'reason'
WHERE kind IN ('post.set_aside', 'post.discarded') AND data ? 'reason';

UPDATE set_aside SET reason = ''
WHERE (replayed_at IS NOT NULL OR discarded_at IS NOT NULL) AND reason <> '';
