// Params: $id. Returns: id, scope, seq, generation, manifest, sum, segments, root.
MATCH (i:KfImport {id: $id})
RETURN i.id AS id, i.scope AS scope, i.seq AS seq, i.generation AS generation,
  i.manifest AS manifest, i.sum AS sum, i.segments AS segments, i.root AS root
