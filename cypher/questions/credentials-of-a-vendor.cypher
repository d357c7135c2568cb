// Which credentials did a vendor supply, so that only the vendor can make a new one?
// Params: $vendor (id, key or name; null: any). Returns: vendor, credential, key, kind.
MATCH (c:Credential)-[:SUPPLIED_BY]->(v)
WHERE $vendor IS NULL OR $vendor IN [v.id, v.key, v.name]
RETURN v.name AS vendor, c.name AS credential, c.key AS key, c.kindTitle AS kind
ORDER BY vendor, key
