import type { Store } from './contract.ts'
import { openEmbeddedStore } from './embedded/store.ts'

export interface StoreSettings {
  /** Directory of the embedded store; made when it is not there. */
  readonly dataDir: string
  /** `neo4j://…`, `neo4j+s://…`, `bolt://…`: then Neo4j is the store and `dataDir` is not touched. */
  readonly neo4jUri?: string | undefined
  readonly neo4jUser?: string | undefined
  readonly neo4jPassword?: string | undefined
}

/** The store that the settings name, ready to use. Throws a `StoreError` that says what to do. */
export async function openStore({ dataDir, neo4jUri, neo4jUser, neo4jPassword }: StoreSettings): Promise<Store> {
  if (!neo4jUri) return openEmbeddedStore(dataDir)
  // Loaded only when it is wanted: the driver takes a quarter of a second.
  const { openNeo4jStore } = await import('./neo4j/store.ts')
  return openNeo4jStore({ uri: neo4jUri, user: neo4jUser, password: neo4jPassword })
}
