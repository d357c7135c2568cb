// Who uses this credential, directly or through a secret it stands in, also where that secret was copied on?
// Params: $credential (id, key or name). Returns: workload, kind, through, delivery, confidence, lastSeen.
MATCH (c:Credential)
WHERE $credential IN [c.id, c.key, c.name]
CALL (c) {
  MATCH (w:Workload)-[u:USES_CREDENTIAL]->(c)
  RETURN w, u, null AS secret
  UNION
  MATCH (c)<-[:HOLDS]-(:Secret)<-[:SYNCED_FROM*0..]-(s:Secret)<-[u:USES_SECRET]-(w:Workload)
  RETURN DISTINCT w, u, s AS secret
}
RETURN w.name AS workload, w.kindTitle AS kind, secret.name AS through, u.delivery AS delivery,
  u.confidence AS confidence, u.lastSeen AS lastSeen
ORDER BY workload, through
