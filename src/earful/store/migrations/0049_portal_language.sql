-- The language that a visitor's pages were in when she began a talk: letters about it are in that one.
ALTER TABLE portal_thread ADD COLUMN language text NOT NULL DEFAULT '';
