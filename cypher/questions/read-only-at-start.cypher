// Which workloads get a value in a way they never notice a new one by themselves: somebody has to restart, redeploy,
// rebuild, change code or ask? The list is the delivery modes without a pickup time (graph/kinds/delivery.ts).
// Params: none. Returns: workload, key, secret, delivery.
MATCH (w:Workload)-[u:USES_SECRET|USES_CREDENTIAL]->(s)
WHERE u.delivery IN [
  'hardcoded', 'baked_image', 'env_at_start', 'file_static', 'task_start', 'deploy_time',
  'broker_issued', 'manual', 'vendor_managed'
]
RETURN w.name AS workload, w.key AS key, s.name AS secret, u.delivery AS delivery
ORDER BY key, secret
