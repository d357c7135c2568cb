// A part of the labelled graph goes, to be made anew. Params: $limit. Returns: removed.
MATCH (n:Entity)
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS removed
