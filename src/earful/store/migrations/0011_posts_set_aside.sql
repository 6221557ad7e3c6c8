-- A post that was set aside is taken in after all, or discarded with a reason.
ALTER TABLE set_aside ADD COLUMN tries integer NOT NULL DEFAULT 0;
ALTER TABLE set_aside ADD COLUMN discarded_at timestamptz;
ALTER TABLE set_aside ADD COLUMN discard_reason text NOT NULL DEFAULT '';
CREATE INDEX set_aside_waiting ON set_aside (workspace_id, at DESC, id DESC)
  WHERE replayed_at IS NULL AND discarded_at IS NULL;
