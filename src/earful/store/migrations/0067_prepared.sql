-- A macro can be a prepared answer: offered where a customer's post is what this search looks for.
ALTER TABLE macro ADD COLUMN offered_for text NOT NULL DEFAULT '';
