// What has to stand before data does: one thing of each identity, and the indexes that search and the questions use.
// Params: none. Returns: nothing. Statements end with a semicolon; running them again changes nothing.
CREATE CONSTRAINT kf_segment IF NOT EXISTS FOR (n:KfSegment) REQUIRE n.hash IS UNIQUE;
CREATE CONSTRAINT kf_import IF NOT EXISTS FOR (n:KfImport) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT kf_scope IF NOT EXISTS FOR (n:KfScope) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT kf_doc IF NOT EXISTS FOR (n:KfDoc) REQUIRE (n.kind, n.id) IS UNIQUE;
CREATE CONSTRAINT kf_audit IF NOT EXISTS FOR (n:KfAudit) REQUIRE (n.chain, n.seq) IS UNIQUE;
CREATE CONSTRAINT kf_meta IF NOT EXISTS FOR (n:KfMeta) REQUIRE n.key IS UNIQUE;
CREATE CONSTRAINT kf_projection IF NOT EXISTS FOR (n:KfProjection) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT kf_state IF NOT EXISTS FOR (n:KfState) REQUIRE n.id IS UNIQUE;
CREATE INDEX kf_staged IF NOT EXISTS FOR (n:KfSegment) ON (n.staged);
CREATE INDEX kf_import_scope IF NOT EXISTS FOR (n:KfImport) ON (n.scope, n.seq);
CREATE CONSTRAINT entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;
CREATE INDEX entity_key IF NOT EXISTS FOR (n:Entity) ON (n.key);
CREATE INDEX entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name);
CREATE INDEX entity_kind IF NOT EXISTS FOR (n:Entity) ON (n.kind);
