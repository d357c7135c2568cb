// Forgets an import unless it is a head. Params: $id. Returns: id, no row when it was a head.
MATCH (i:KfImport {id: $id})
WHERE NOT EXISTS { MATCH (:KfScope {id: i.scope, head: $id}) }
WITH i, i.id AS id
DELETE i
RETURN id
