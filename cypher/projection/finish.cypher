// The labelled graph has arrived. Params: $target, $end (the step after the last). Returns: base, no row when another
// server moved on.
MATCH (p:KfProjection {id: 'estate'})
WHERE p.target = $target AND p.next = $end
SET p.base = $target, p.next = 0, p.done = 0
REMOVE p.target, p.locked, p.way
RETURN p.base AS base
