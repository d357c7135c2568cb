import { throughSeal, type AskForSecret } from '../seal/open-sealed.ts'
import { sealSettings } from '../seal/settings.ts'
import type { Store } from './contract.ts'
import { openEmbeddedStore } from './embedded/store.ts'

export interface StoreSettings {
  /** Directory of the embedded store; made when it is not there. */
  readonly dataDir: string
  /** `neo4j://…`, `neo4j+s://…`, `bolt://…`: then Neo4j is the store and `dataDir` is not touched. */
  readonly neo4jUri?: string | undefined
  readonly neo4jUser?: string | undefined
  readonly neo4jPassword?: string | undefined
  /** See `EmbeddedOptions`. */
  readonly apartFromBytes?: number | undefined
  readonly auditApartFromBytes?: number | undefined
  /** How a passphrase is asked for where the store is sealed with one. */
  readonly ask?: AskForSecret | undefined
  /** `KEYFALL_SEAL` and what belongs to it. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** The store that the settings name, unsealed and ready to use. Throws a `StoreError` that says what to do, `StoreSealed`. */
export async function openStore(given: StoreSettings): Promise<Store> {
  const { ask, environment = process.env } = given
  const settings = sealSettings(environment)
  const store = await openPlain(given, settings !== undefined)
  try {
    return await throughSeal(store, { settings, ask, environment })
  } catch (error) {
    await store.close()
    throw error
  }
}

/** As it lies there: of a sealed one, nothing can be read. */
export async function openPlain(
  { dataDir, neo4jUri, neo4jUser, neo4jPassword, apartFromBytes, auditApartFromBytes }: StoreSettings,
  isSealed: boolean,
): Promise<Store> {
  if (!neo4jUri) return openEmbeddedStore(dataDir, { apartFromBytes, auditApartFromBytes })
  // Loaded only when it is wanted: the driver takes a quarter of a second.
  const { openNeo4jStore } = await import('./neo4j/store.ts')
  return openNeo4jStore({ uri: neo4jUri, user: neo4jUser, password: neo4jPassword, isSealed })
}
