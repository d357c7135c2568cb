// Takes away relationships that the estate no longer has. Params: $rows of {id, type, from, to}. Returns: nothing.
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})-[r:$(row.type) {id: row.id}]->(b:Entity {id: row.to})
DELETE r
