-- What a lead sees of a webhook: when it last took something, when it was last tried; and a pause.

ALTER TABLE webhook ADD COLUMN told_at timestamptz;
ALTER TABLE webhook ADD COLUMN tested_at timestamptz;
ALTER TABLE webhook DROP CONSTRAINT webhook_state;
ALTER TABLE webhook ADD CONSTRAINT webhook_state
  CHECK (state IN ('active', 'failing', 'disabled', 'paused')) NOT VALID;
