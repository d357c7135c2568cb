// Stores segments nobody names yet. `touched` keeps them from being swept until their import commits.
// Params: $segments of {hash, bytes} (each once), $codec. Returns: nothing.
UNWIND $segments AS segment
MERGE (g:KfSegment {hash: segment.hash})
ON CREATE SET g.codec = $codec, g.bytes = segment.bytes
SET g.touched = timestamp()
