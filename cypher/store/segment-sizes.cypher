// Bytes that segments take. Params: $hashes. Returns: bytes.
UNWIND $hashes AS hash
MATCH (g:KfSegment {hash: hash})
RETURN sum(size(g.bytes)) AS bytes
