-- Whether an attempt may have left something on the network: then taking it back is no undoing.

ALTER TABLE delivery ADD COLUMN doubted boolean NOT NULL DEFAULT false;
