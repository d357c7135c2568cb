// Segments that were stored for an import, and that none in the making can count on any more. Params: $graceMilliseconds.
// Returns: hash.
MATCH (g:KfSegment)
WHERE g.staged = true AND g.touched < timestamp() - $graceMilliseconds
RETURN g.hash AS hash
