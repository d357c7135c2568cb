// Several segments in one go. Params: $hashes (each once). Returns: hash, codec, bytes; no row for one that is not stored.
UNWIND $hashes AS hash
MATCH (g:KfSegment {hash: hash})
RETURN hash, g.codec AS codec, g.bytes AS bytes
