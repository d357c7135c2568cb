// Last statement of a change of a document: other servers look at the count of its kind. The lock comes first, so that of
// two changes at once both count. Params: $key ('docs ' and the kind). Returns: nothing.
MERGE (m:KfMeta {key: $key})
SET m.locked = true
SET m.value = coalesce(m.value, 0) + 1
REMOVE m.locked
