// Stores segments nobody names yet. `touched` keeps them from being swept until their import commits; `staged` is how
// they are found should it never do so.
// Params: $segments of {hash, bytes} (each once), $codec. Returns: nothing.
UNWIND $segments AS segment
MERGE (g:KfSegment {hash: segment.hash})
ON CREATE SET g.codec = $codec, g.bytes = segment.bytes, g.staged = true
SET g.touched = timestamp()
