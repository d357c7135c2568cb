// Makes things of a labelled graph that has none of them: nothing is looked for. Params: $rows of [labels, properties].
// Returns: nothing.
UNWIND $rows AS row
CREATE (n:Entity:$(row[0]))
SET n = row[1]
