import { randomBytes } from 'node:crypto'
import { auditKeyFile, readAuditSecret } from '../audit/keys.ts'
import { fingerprintKey } from '../auth/fingerprint-key.ts'
import { ConfigError } from '../config.ts'
import { removeEstateFile } from '../estate/estate-file.ts'
import type { SealedKeys, Store } from '../store/contract.ts'
import { cipherOf } from './cipher.ts'
import { sealedStore } from './sealed-store.ts'
import type { SealSettings } from './settings.ts'
import { makeWrapped, openWrapped, WrappedKey, WrongSecret } from './wrap.ts'

const [KIND, ID] = ['seal', 'key']
const KEYS_ROW = 'keys'

/** Asks somebody for the secret until it fits; `attempt` throws `WrongSecret`. Resolves when one did. */
export type AskForSecret = (attempt: (secret: Uint8Array) => Promise<void>) => Promise<void>

export interface SealOptions {
  readonly settings: SealSettings | undefined
  /** How a passphrase is asked for; absent: nobody is there. */
  readonly ask?: AskForSecret | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** The store is sealed, and nobody is there who could unseal it. */
export class StoreSealed extends ConfigError {
  readonly hint = 'start `keyfall serve`, then run `keyfall unseal`; or set KEYFALL_SEAL to keyfile or command'
  constructor() {
    super('the store is sealed')
    this.name = 'StoreSealed'
  }
}

/**
 * The store as it is used: unsealed where it was sealed, sealed from now on where it is new and `KEYFALL_SEAL` is set,
 * as it is where neither. Throws `StoreSealed`, `WrongSecret`, `ConfigError`.
 */
export async function throughSeal(store: Store, { settings, ask, environment }: SealOptions): Promise<Store> {
  const wrapped = await wrappedKeyOf(store)
  if (!wrapped) {
    if (!settings) return store
    await refuseUsed(store)
    const secret = await settings.secret()
    if (!secret) throw new ConfigError('this store has no passphrase yet: run `keyfall seal` first')
    return withKey(store, await sealNew(store, secret, environment))
  }
  const secret = await settings?.secret()
  if (secret) return withKey(store, await openWrapped(wrapped, secret))
  if (!ask) throw new StoreSealed()
  let key: Uint8Array | undefined
  await ask(async (given) => void (key = await openWrapped(wrapped, given)))
  if (!key) throw new WrongSecret()
  return withKey(store, key)
}

export async function wrappedKeyOf({ docs }: Store): Promise<WrappedKey | undefined> {
  const doc = await docs.get(KIND, ID)
  return doc && WrappedKey.parse(JSON.parse(new TextDecoder().decode(doc.bytes)))
}

/** Seals an empty store with a fresh key. The keys of fingerprints and of the audit come under it, as they are. */
export async function sealNew(
  store: Store,
  secret: Uint8Array,
  environment: SealOptions['environment'],
): Promise<Uint8Array> {
  await refuseUsed(store)
  const { key, wrapped } = await makeWrapped(secret)
  const keys = Buffer.from(
    JSON.stringify({
      fingerprint: Buffer.from(fingerprintKey(environment) ?? randomBytes(32)).toString('base64'),
      audit: Buffer.from(readAuditSecret(auditKeyFile(environment))).toString('base64'),
    }),
  )
  await store.docs.put(KIND, KEYS_ROW, 0, cipherOf(key).seal(KEYS_ROW, keys))
  await store.docs.put(KIND, ID, 0, Buffer.from(JSON.stringify(wrapped)))
  return key
}

/** What lies there in clear would stay there in clear: in pages, in the log, in backups. */
async function refuseUsed(store: Store): Promise<void> {
  const [heads, chains] = [await store.heads(), await store.audit.chains()]
  if (heads.size > 0 || chains.length > 0)
    throw new ConfigError(
      'this store was used unsealed: seal a new data directory, and carry facts over with `keyfall export` and `keyfall import`',
    )
}

async function withKey(store: Store, key: Uint8Array): Promise<Store> {
  const doc = await store.docs.get(KIND, KEYS_ROW)
  const plain = doc && cipherOf(key).open(KEYS_ROW, doc.bytes)
  if (!plain) throw new WrongSecret()
  const keys = JSON.parse(plain.toString()) as { fingerprint: string; audit: string }
  const sealed: SealedKeys = {
    fingerprint: Buffer.from(keys.fingerprint, 'base64'),
    audit: Buffer.from(keys.audit, 'base64'),
  }
  // What lies there in clear does not stay, wherever it came from.
  if (store.beside) removeEstateFile(store.beside.estate)
  return { ...sealedStore(store, key), sealed }
}
