// Is what I see the whole estate, as of the last import of each source? Ask this first.
// Params: none. Returns: whole, at, scope, generation, importedAs.
MATCH (state:KfState {id: 'estate'})
MATCH (s:KfScope)
WHERE s.head IS NOT NULL
RETURN state.projected AS whole, state.at AS at, s.id AS scope, s.generation AS generation, s.head AS importedAs
ORDER BY scope
