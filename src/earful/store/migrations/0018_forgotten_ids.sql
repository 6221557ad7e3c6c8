-- The ids of posts whose author was erased may name that person: they become hashes, as they do in
-- erasures from now on (desk/forgotten.py).

UPDATE accepted a SET external_id = 'erased:' || encode(sha256(convert_to(
  a.workspace_id::text || E'\n' || a.network || E'\n' || a.external_id, 'UTF8')), 'hex')
FROM message m
JOIN erasure e ON e.workspace_id = m.workspace_id AND e.contact_id = m.author_id
WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id
  AND NOT starts_with(a.external_id, 'erased:');
