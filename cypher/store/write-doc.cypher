// Second statement. Params: $kind, $id, $expected, $bytes. Returns: version, no row when it has another version.
MATCH (d:KfDoc {kind: $kind, id: $id})
WHERE d.version = $expected
SET d.version = $expected + 1, d.bytes = $bytes
REMOVE d.locked
RETURN d.version AS version
