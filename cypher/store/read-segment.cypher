// Params: $hash. Returns: codec, bytes.
MATCH (g:KfSegment {hash: $hash})
RETURN g.codec AS codec, g.bytes AS bytes
