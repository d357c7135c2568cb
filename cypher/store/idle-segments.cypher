// Segments that no import in the making can count on any more. Params: $graceMilliseconds. Returns: hash.
MATCH (g:KfSegment)
WHERE g.touched < timestamp() - $graceMilliseconds
RETURN g.hash AS hash
