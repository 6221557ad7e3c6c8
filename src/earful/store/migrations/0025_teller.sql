-- Which worker tells a webhook: when it is known to be dead, its lease need not run out.

ALTER TABLE webhook ADD COLUMN teller text NOT NULL DEFAULT '';
