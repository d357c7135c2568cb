// Stores a segment nobody names yet. `touched` keeps it from being swept until its import commits.
// Params: $hash, $codec, $bytes. Returns: nothing.
MERGE (g:KfSegment {hash: $hash})
ON CREATE SET g.codec = $codec, g.bytes = $bytes
SET g.touched = timestamp()
