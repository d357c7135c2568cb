// Second statement. Params: $key, $chain, $body, $sum. Returns: seq.
MATCH (m:KfMeta {key: $key})
SET m.value = m.value + 1
REMOVE m.locked
CREATE (a:KfAudit {chain: $chain, seq: m.value, body: $body, sum: $sum})
RETURN a.seq AS seq
