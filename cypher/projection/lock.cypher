// First statement of every step: one server at a time moves the projection. Params: none. Returns: nothing.
MATCH (p:KfProjection {id: 'estate'})
SET p.locked = true
