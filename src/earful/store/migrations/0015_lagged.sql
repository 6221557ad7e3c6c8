-- How many events a webhook was never told of, because they had expired before it took them.

ALTER TABLE webhook ADD COLUMN skipped bigint NOT NULL DEFAULT 0;
