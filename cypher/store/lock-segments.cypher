// First statement of a sweep: takes the write lock of each, so that none is touched unseen. Params: $hashes. Returns: nothing.
UNWIND $hashes AS hash
MATCH (g:KfSegment {hash: hash})
SET g.locked = true
