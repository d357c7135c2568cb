// Is the labelled graph whole, and if not: how many imports it does not show yet, and what part of its present way is done.
// Params: none. Returns: projected, behind, part (0 to 1).
MATCH (state:KfState {id: 'estate'})
OPTIONAL MATCH (p:KfProjection {id: 'estate'})
OPTIONAL MATCH (s:KfScope)
WHERE s.head IS NOT NULL AND NOT coalesce(p.base, '[]') CONTAINS '"' + s.head + '"'
WITH state, p, count(s) AS behind
RETURN state.projected AS projected, behind,
  CASE WHEN p.target IS NULL THEN 0.0 ELSE toFloat(p.next) / (CASE WHEN p.way = 'new' THEN 512 ELSE 256 END) END AS part
