// Which use did a log show, without saying which workload of ours it was?
// Params: none. Returns: credential, key, caller, lastSeen, evidence.
MATCH (w)-[u:USES_CREDENTIAL|USES_SECRET]->(c)
WHERE u.unattributed
RETURN c.name AS credential, c.key AS key, w.name AS caller, u.lastSeen AS lastSeen, u.evidence AS evidence
ORDER BY key, caller
