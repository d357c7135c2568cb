// Sets out for the heads of now; from nothing, everything is created. Params: $base, $target.
// Returns: target, no row when another server did something else.
MATCH (p:KfProjection {id: 'estate'})
WHERE p.base = $base AND p.target IS NULL
SET p.target = $target, p.next = 0, p.done = 0, p.way = CASE WHEN $base = '[]' THEN 'new' END
REMOVE p.locked
MERGE (state:KfState {id: 'estate'})
SET state.projected = false
RETURN p.target AS target
