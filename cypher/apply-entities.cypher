// Brings things to what the estate says of them. Doing it twice changes nothing.
// Params: $rows of {id, labels, dropped, properties}. Returns: nothing.
UNWIND $rows AS row
MERGE (n:Entity {id: row.id})
SET n = row.properties
REMOVE n:Unseen
REMOVE n:$(row.dropped)
SET n:$(row.labels)
