// Second statement. Params: $key, $chain, $seq, $body, $sum. Returns: seq, no row when the chain does not go on there.
MATCH (m:KfMeta {key: $key})
WHERE m.value = $seq - 1
SET m.value = $seq
REMOVE m.locked
CREATE (a:KfAudit {chain: $chain, seq: m.value, body: $body, sum: $sum})
RETURN a.seq AS seq
