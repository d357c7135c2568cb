// Notes a batch in its own transaction, so that a restart goes on from there and does nothing twice.
// Params: $target, $from, $done (where the projection stands), $to, $toDone (where it stands then).
// Returns: next, no row when another server moved on.
MATCH (p:KfProjection {id: 'estate'})
WHERE p.target = $target AND p.next = $from AND p.done = $done
SET p.next = $to, p.done = $toDone
REMOVE p.locked
RETURN p.next AS next
