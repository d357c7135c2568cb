// Makes relationships, each exactly once: the projection notes the row it has come to in the same transaction. Not
// MERGE: with a type given by a row Neo4j 5.26 may look through all relationships for it. An end that no source
// describes is an Entity:Unseen. Params: $rows of {id, type, from, to, properties}. Returns: nothing.
UNWIND $rows AS row
MERGE (a:Entity {id: row.from})
ON CREATE SET a:Unseen
MERGE (b:Entity {id: row.to})
ON CREATE SET b:Unseen
CREATE (a)-[r:$(row.type)]->(b)
SET r += row.properties
