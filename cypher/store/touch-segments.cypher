// Third statement of the flip: all segments are stored, and stay. Params: $hashes (each once). Returns: found.
UNWIND $hashes AS hash
MATCH (g:KfSegment {hash: hash})
SET g.touched = timestamp()
REMOVE g.staged
RETURN count(g) AS found
