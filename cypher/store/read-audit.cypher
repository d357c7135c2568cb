// Params: $chain, $after, $limit. Returns: seq, body, sum.
MATCH (a:KfAudit)
WHERE a.chain = $chain AND a.seq > $after
RETURN a.seq AS seq, a.body AS body, a.sum AS sum
ORDER BY seq
LIMIT $limit
