// Which uses does configuration declare and no log show? Absence of a log is not absence of use: look at what the
// logs cover first. Params: none. Returns: workload, relationship, target, key.
MATCH (w:Workload)-[u:USES_SECRET|USES_CREDENTIAL]->(t)
WHERE 'declared' IN u.evidenceKinds AND NOT 'observed' IN u.evidenceKinds
RETURN w.name AS workload, type(u) AS relationship, t.name AS target, t.key AS key
ORDER BY key, workload
