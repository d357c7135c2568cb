// Makes relationships, each exactly once: the projection notes the row it has come to in the same transaction. Not
// MERGE: with a type given by a row Neo4j 5.26 may look through all relationships for it. An end that no source
// describes is an Entity:Unseen. Params: $rows of [from, to, type, properties]. Returns: nothing.
UNWIND $rows AS row
MERGE (a:Entity {id: row[0]})
ON CREATE SET a:Unseen
MERGE (b:Entity {id: row[1]})
ON CREATE SET b:Unseen
CREATE (a)-[r:$(row[2])]->(b)
SET r = row[3]
