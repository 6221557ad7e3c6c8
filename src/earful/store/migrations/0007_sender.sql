-- Who attempts a delivery: when it is known to be dead, its lease need not run out.

ALTER TABLE delivery ADD COLUMN sender text NOT NULL DEFAULT '';
