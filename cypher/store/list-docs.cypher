// Params: $kind. Returns: id, version.
MATCH (d:KfDoc {kind: $kind})
RETURN d.id AS id, d.version AS version
ORDER BY id
