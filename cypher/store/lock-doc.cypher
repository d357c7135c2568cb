// First statement of a change: takes the write lock of the document. Version 0: not there.
// Params: $kind, $id. Returns: nothing.
MERGE (d:KfDoc {kind: $kind, id: $id})
ON CREATE SET d.version = 0
SET d.locked = true
