-- Files of a mail beside its pictures: what has a name is kept as it is, and only to be downloaded.
ALTER TABLE media ADD COLUMN name text NOT NULL DEFAULT '';
