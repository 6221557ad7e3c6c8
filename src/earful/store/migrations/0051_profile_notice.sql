-- What the nightly look at an account's profile found: hours that are not the desk's, in words.
ALTER TABLE channel ADD COLUMN profile_notice text NOT NULL DEFAULT '';
