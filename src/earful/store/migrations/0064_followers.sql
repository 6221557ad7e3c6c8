-- How many follow somebody, where their network says so; and people of note among the signals.
ALTER TABLE contact_handle ADD COLUMN followers integer;
ALTER TABLE mention ADD COLUMN author_followers integer;
ALTER TABLE signal DROP CONSTRAINT signal_kind_check;
ALTER TABLE signal ADD CONSTRAINT signal_kind_check
  CHECK (kind IN ('burst', 'thread', 'look_alike', 'name_said', 'person_of_note')) NOT VALID;
ALTER TABLE signal VALIDATE CONSTRAINT signal_kind_check;
