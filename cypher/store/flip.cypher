// The one moment at which an import becomes true: its record, the head and the generation change together, or nothing
// does. From here on the labelled graph is behind, and says so. No row: the scope has moved.
// Params: $scope, $expected, $id, $manifest, $sum, $segments, $root. Returns: seq.
MATCH (s:KfScope {id: $scope})
WHERE s.generation = $expected
MATCH (m:KfMeta {key: 'seq'})
SET m.value = m.value + 1
REMOVE m.locked, s.locked
CREATE (:KfImport {
  id: $id, scope: $scope, seq: m.value, generation: $expected + 1,
  manifest: $manifest, sum: $sum, segments: $segments, root: $root
})
SET s.head = $id, s.seq = m.value, s.generation = $expected + 1
MERGE (state:KfState {id: 'estate'})
SET state.projected = false
RETURN m.value AS seq
