// Removes segments that no import names, unless one was touched meanwhile: that one is looked at again another time.
// Params: $hashes, $graceMilliseconds. Returns: swept.
UNWIND $hashes AS hash
MATCH (g:KfSegment {hash: hash})
SET g.staged = true
REMOVE g.locked
WITH g
WHERE g.touched < timestamp() - $graceMilliseconds
DELETE g
RETURN count(*) AS swept
