// Brings relationships to what the estate says of them. An end that no source describes is an Entity:Unseen.
// Params: $rows of {id, type, from, to, properties}. Returns: nothing.
UNWIND $rows AS row
MERGE (a:Entity {id: row.from})
ON CREATE SET a:Unseen
MERGE (b:Entity {id: row.to})
ON CREATE SET b:Unseen
MERGE (a)-[r:$(row.type) {id: row.id}]->(b)
SET r = row.properties
