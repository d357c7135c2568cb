// The labelled graph has arrived. Params: $target. Returns: base, no row when another server moved on.
MATCH (p:KfProjection {id: 'estate'})
WHERE p.target = $target AND p.next = 256
SET p.base = $target, p.next = 0, p.done = 0
REMOVE p.target, p.locked
RETURN p.base AS base
