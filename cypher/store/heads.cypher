// The import that is believed, for each scope. Params: none. Returns: scope, head, generation, seq.
MATCH (s:KfScope)
WHERE s.head IS NOT NULL
RETURN s.id AS scope, s.head AS head, s.generation AS generation, s.seq AS seq
ORDER BY scope
