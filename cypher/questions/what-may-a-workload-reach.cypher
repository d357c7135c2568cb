// What may a workload reach: with the identity it runs as, and those that its credentials prove, through every trust and
// group from there? Permission, not use.
// Params: $workload (id, key or name). Returns: thing, key, kind, hops (fewest).
MATCH (w:Workload)
WHERE $workload IN [w.id, w.key, w.name]
MATCH path = (w)-[:RUNS_AS|USES_CREDENTIAL|USES_SECRET|HOLDS|SYNCED_FROM|AUTHENTICATES_AS|ASSUMES|MEMBER_OF|CAN_ACCESS|CAN_ESCALATE_TO*1..]->(n)
WHERE n <> w
RETURN n.name AS thing, n.key AS key, n.kindTitle AS kind, min(length(path)) AS hops
ORDER BY hops, key
