-- A case in one line, written by an agent; and whether an account says of itself that it is a bot.
ALTER TABLE conversation ADD COLUMN summary text NOT NULL DEFAULT '';
ALTER TABLE contact_handle ADD COLUMN bot boolean NOT NULL DEFAULT false;
