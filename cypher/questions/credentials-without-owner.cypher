// Which credentials does nobody own: neither they nor the identity they prove has an owner?
// Params: none. Returns: credential, key, kind, identity.
MATCH (c:Credential)
WHERE NOT (c)-[:OWNED_BY]->() AND c.owner IS NULL
OPTIONAL MATCH (c)-[:AUTHENTICATES_AS]->(i:Identity)
WITH c, collect(i) AS identities
WHERE none(i IN identities WHERE i.owner IS NOT NULL OR EXISTS { (i)-[:OWNED_BY]->() })
RETURN c.name AS credential, c.key AS key, c.kindTitle AS kind, [i IN identities | i.name] AS identity
ORDER BY key
