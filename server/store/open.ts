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
export async function openStore(settings: StoreSettings): Promise<Store> {
  return openEmbeddedStore(settings.dataDir)
}
