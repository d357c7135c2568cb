// Imports of a scope, newest first. Params: $scope, $before, $limit.
// Returns: id, scope, seq, generation, manifest, sum, segments, root.
MATCH (i:KfImport)
WHERE i.scope = $scope AND i.seq < $before
RETURN i.id AS id, i.scope AS scope, i.seq AS seq, i.generation AS generation,
  i.manifest AS manifest, i.sum AS sum, i.segments AS segments, i.root AS root
ORDER BY seq DESC
LIMIT $limit
