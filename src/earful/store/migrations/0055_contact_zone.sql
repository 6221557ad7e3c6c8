-- In which zone a person lives, as far as somebody noted it: times are told to them in that.
ALTER TABLE contact ADD COLUMN zone text NOT NULL DEFAULT '';
