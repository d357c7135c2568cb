// Nothing of the old labelled graph is left. Params: none. Returns: nothing.
MATCH (p:KfProjection {id: 'estate'})
REMOVE p.rebuild
