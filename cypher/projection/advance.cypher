// Notes a batch in its own transaction, so that a restart goes on from here.
// Params: $target, $from, $to. Returns: next, no row when another server moved on.
MATCH (p:KfProjection {id: 'estate'})
WHERE p.target = $target AND p.next = $from
SET p.next = $to
REMOVE p.locked
RETURN p.next AS next
