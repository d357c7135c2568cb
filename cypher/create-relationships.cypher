// Makes relationships of a labelled graph that has their ends: nothing is merged, nothing is locked before its time. Where an
// end is missing, there is no row; then the transaction is given up, and apply-relationships.cypher makes the end too.
// Params: $rows of [from, to, type, properties], $count (of them). Returns: made, no row unless all were made.
UNWIND $rows AS row
MATCH (a:Entity {id: row[0]})
MATCH (b:Entity {id: row[1]})
CREATE (a)-[r:$(row[2])]->(b)
SET r = row[3]
WITH count(r) AS made
WHERE made = $count
RETURN made
