// Params: $chain. Returns: seq, null where there is no entry.
MATCH (a:KfAudit)
WHERE a.chain = $chain
RETURN max(a.seq) AS seq
