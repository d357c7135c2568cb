// Which credentials are shared: used by workloads of more than one system, directly or through a stored secret?
// Params: none. Returns: credential, key, systems.
MATCH (c:Credential)
CALL (c) {
  MATCH (w:Workload)-[:USES_CREDENTIAL]->(c)
  RETURN w
  UNION
  MATCH (c)<-[:HOLDS]-(:Secret)<-[:SYNCED_FROM*0..]-(:Secret)<-[:USES_SECRET]-(w:Workload)
  RETURN DISTINCT w
}
MATCH (system:System)-[:DEPENDS_ON]->(w)
WITH c, collect(DISTINCT system.name) AS systems
WHERE size(systems) > 1
RETURN c.name AS credential, c.key AS key, systems
ORDER BY size(systems) DESC, key
