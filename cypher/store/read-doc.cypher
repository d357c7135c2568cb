// Params: $kind, $id. Returns: version, bytes.
MATCH (d:KfDoc {kind: $kind, id: $id})
RETURN d.version AS version, d.bytes AS bytes
