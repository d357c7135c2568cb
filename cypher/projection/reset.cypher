// The projection begins again from nothing, once what is there is cleared. Params: none. Returns: nothing.
MERGE (p:KfProjection {id: 'estate'})
SET p.base = '[]', p.next = 0, p.done = 0, p.rebuild = true
REMOVE p.target, p.locked, p.way
MERGE (state:KfState {id: 'estate'})
SET state.projected = false
