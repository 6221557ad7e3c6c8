-- That somebody was erased is found by whose contact it was.
CREATE INDEX erasure_of ON erasure (workspace_id, contact_id);
