// Second statement of a batch: does the projection still stand where this batch begins? Asked before its rows, under the lock.
// Params: $target, $from, $done. Returns: next, no row when another server moved on.
MATCH (p:KfProjection {id: 'estate'})
WHERE p.target = $target AND p.next = $from AND p.done = $done
RETURN p.next AS next
