// Removes things that no source describes and nothing names any more. Params: $rows of {id}. Returns: nothing.
UNWIND $rows AS row
MATCH (n:Entity {id: row.id})
WHERE n:Unseen AND NOT (n)--()
DELETE n
