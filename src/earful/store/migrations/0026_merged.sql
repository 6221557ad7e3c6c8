-- What was merged into a conversation: looked for at each merge and when a person is erased. Few rows
-- are in it, and writing a conversation does not touch it unless it is merged.
CREATE INDEX conversation_merged ON conversation (workspace_id, merged_into)
  WHERE merged_into IS NOT NULL;
