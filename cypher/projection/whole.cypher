// Tells analysts that what they see is whole: it shows the imports that are believed at this moment.
// Params: $heads (ids in order), $base. Returns: projected.
MATCH (s:KfScope)
WHERE s.head IS NOT NULL
WITH s.head AS head ORDER BY head
WITH collect(head) AS heads
MATCH (p:KfProjection {id: 'estate'})
WHERE p.base = $base AND p.target IS NULL AND heads = $heads
MERGE (state:KfState {id: 'estate'})
SET state.projected = true, state.at = datetime(), state.imports = heads
RETURN state.projected AS projected
