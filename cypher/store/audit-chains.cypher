// Params: none. Returns: chain.
MATCH (a:KfAudit)
RETURN DISTINCT a.chain AS chain
ORDER BY chain
