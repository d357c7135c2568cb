// Takes away what was known of things that the estate no longer has. One that a relationship still names stays as
// Entity:Unseen; retire-unseen.cypher removes the others. Params: $rows of {id, labels}. Returns: nothing.
UNWIND $rows AS row
MATCH (n:Entity {id: row.id})
REMOVE n:$(row.labels)
SET n = {id: row.id}
SET n:Unseen
