// Takes away relationships that the estate no longer has, or has in another way now. Looks for each at the end that has
// fewer, so that a hub does not cost. Params: $rows of {id, from, to}. Returns: nothing.
UNWIND $rows AS row
MATCH (a:Entity {id: row.from})
MATCH (b:Entity {id: row.to})
WITH row, a, b, COUNT { (a)-->() } <= COUNT { (b)<--() } AS atTail
CALL (row, a, b, atTail) {
  WITH row, a, atTail
  WHERE atTail
  MATCH (a)-[r]->()
  WHERE r.id = row.id
  RETURN r
  UNION
  WITH row, b, atTail
  WHERE NOT atTail
  MATCH (b)<-[r]-()
  WHERE r.id = row.id
  RETURN r
}
DELETE r
