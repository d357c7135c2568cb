// How far the labelled graph is. `base`: the imports it shows in whole; `target`: those it is on the way to; `way`: how;
// `next`: the bucket that comes next (a `new` one goes through all twice), `done`: how many of its rows are through;
// `rebuild`: it is being cleared. Params: none. Returns: base, target, next, done, rebuild, way.
MERGE (p:KfProjection {id: 'estate'})
ON CREATE SET p.base = '[]', p.next = 0, p.done = 0
RETURN p.base AS base, p.target AS target, p.next AS next, p.done AS done, p.rebuild AS rebuild, p.way AS way
