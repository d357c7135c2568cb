// Which version of the store this is; set on the first start. Params: $version. Returns: version.
MERGE (m:KfMeta {key: 'schema'})
ON CREATE SET m.value = $version
RETURN m.value AS version
