-- What a visitor of the portal took back: its text is gone, that it was there stays. `gone_seq` is
-- when that was told, among the numbers of the messages themselves.
ALTER TABLE portal_message ADD COLUMN gone_at timestamptz, ADD COLUMN gone_seq bigint;
CREATE INDEX portal_message_gone ON portal_message (workspace_id, channel_id, gone_seq)
  WHERE gone_seq IS NOT NULL;
