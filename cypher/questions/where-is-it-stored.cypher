// Where does this credential stand: the secrets that hold it, and every copy made of them, however far?
// Params: $credential (id, key or name). Returns: secret, key, kind, copies (steps from the one that holds it).
MATCH (c:Credential)
WHERE $credential IN [c.id, c.key, c.name]
MATCH path = (c)<-[:HOLDS]-(:Secret)<-[:SYNCED_FROM*0..]-(s:Secret)
RETURN s.name AS secret, s.key AS key, s.kindTitle AS kind, min(length(path)) - 1 AS copies
ORDER BY copies, key
