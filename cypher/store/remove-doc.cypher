// Second statement. Params: $kind, $id, $expected. Returns: version, no row when it has another version.
MATCH (d:KfDoc {kind: $kind, id: $id})
WHERE d.version = $expected
WITH d, d.version AS version
DELETE d
RETURN version
