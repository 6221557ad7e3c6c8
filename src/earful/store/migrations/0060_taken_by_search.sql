-- A search may take in what it finds by itself: posts of these kinds.
ALTER TABLE saved_search ADD COLUMN take_in text[] NOT NULL DEFAULT '{}';
