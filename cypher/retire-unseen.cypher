// Removes things that no source describes and nothing names any more. Params: $ids. Returns: nothing.
UNWIND $ids AS id
MATCH (n:Entity {id: id})
WHERE n:Unseen AND NOT (n)--()
DELETE n
