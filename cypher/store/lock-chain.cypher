// First statement of an append: takes the write lock of the chain. Params: $key. Returns: nothing.
MERGE (m:KfMeta {key: $key})
ON CREATE SET m.value = 0
SET m.locked = true
