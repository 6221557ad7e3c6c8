-- Pictures of incoming posts, and contacts' avatars: wanted first, fetched by a worker, then kept or
-- failed with a reason in words. Uploads are kept from the start.
ALTER TABLE media
  ADD COLUMN state text NOT NULL DEFAULT 'kept' CHECK (state IN ('wanted', 'kept', 'failed')),
  ADD COLUMN source text NOT NULL DEFAULT '',
  ADD COLUMN reason text NOT NULL DEFAULT '',
  ADD COLUMN channel_id uuid,
  ADD COLUMN message_id uuid,
  ADD COLUMN contact_id uuid,
  ADD COLUMN agent_id uuid,
  ADD COLUMN run_at timestamptz,
  ADD COLUMN lease_until timestamptz,
  ADD COLUMN attempts integer NOT NULL DEFAULT 0,
  ALTER COLUMN sha256 DROP NOT NULL,
  ALTER COLUMN mime DROP NOT NULL,
  ALTER COLUMN bytes DROP NOT NULL,
  ALTER COLUMN width DROP NOT NULL,
  ALTER COLUMN height DROP NOT NULL,
  ADD CONSTRAINT media_kept_whole CHECK (state <> 'kept' OR sha256 IS NOT NULL) NOT VALID;
CREATE INDEX media_wanted ON media (run_at) WHERE state = 'wanted';
CREATE INDEX media_of_message ON media (workspace_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX media_of_contact ON media (workspace_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX media_content ON media (sha256);

-- Whose inbox decides who may see an upload: that of the reply it was sent with.
UPDATE media d SET message_id = m.id
FROM message m CROSS JOIN LATERAL jsonb_array_elements(m.media) AS i (value)
WHERE m.direction = 'outgoing' AND m.media <> '[]' AND d.workspace_id = m.workspace_id
  AND d.id = (i.value->>'id')::uuid AND d.message_id IS NULL;

ALTER TABLE contact_handle
  ADD COLUMN avatar_source text NOT NULL DEFAULT '',
  ADD COLUMN avatar_id uuid;
