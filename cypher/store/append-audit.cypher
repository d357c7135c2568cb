// Second statement. Entries one behind the other, all or none. Params: $key, $chain, $seq (of the first), $entries of
// [body, sum]. Returns: appended, no row when the chain does not go on there.
MATCH (m:KfMeta {key: $key})
WHERE m.value = $seq - 1
SET m.value = $seq - 1 + size($entries)
REMOVE m.locked
WITH m
UNWIND range(0, size($entries) - 1) AS i
CREATE (:KfAudit {chain: $chain, seq: $seq + i, body: $entries[i][0], sum: $entries[i][1]})
WITH count(*) AS appended
WHERE appended > 0
RETURN appended
