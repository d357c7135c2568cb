// Second statement of the flip: takes the write lock of the counter that orders imports. Params: none. Returns: nothing.
MERGE (m:KfMeta {key: 'seq'})
ON CREATE SET m.value = 0
SET m.locked = true
