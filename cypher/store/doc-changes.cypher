// How often documents of each kind were changed. Params: none. Returns: kind, changes.
MATCH (m:KfMeta)
WHERE m.key STARTS WITH 'docs '
RETURN substring(m.key, 5) AS kind, m.value AS changes
