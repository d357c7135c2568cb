// First statement of the flip: takes the write lock of the scope, so that what the second reads is still so when it
// writes. Params: $scope. Returns: nothing.
MERGE (s:KfScope {id: $scope})
ON CREATE SET s.generation = 0
SET s.locked = true
