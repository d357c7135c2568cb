import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
import type { StoreUnderTest } from './contract.ts'

/** A data directory of its own. */
export async function embeddedPlace(): Promise<StoreUnderTest & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'keyfall-store-'))
  return { folder, open: () => openEmbeddedStore(folder), remove: () => rm(folder, { recursive: true, force: true }) }
}
