// Counts on a segment that is stored. Params: $hash. Returns: hash, no row when it is not there.
MATCH (g:KfSegment {hash: $hash})
SET g.touched = timestamp()
RETURN g.hash AS hash
