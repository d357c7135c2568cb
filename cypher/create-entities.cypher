// Makes things of a labelled graph that has none of them: nothing is looked for. Params: $rows of {id, labels, properties}.
// Returns: nothing.
UNWIND $rows AS row
CREATE (n:Entity:$(row.labels))
SET n += row.properties
