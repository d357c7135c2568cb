import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore, type EmbeddedOptions } from '../../server/store/embedded/store.ts'
import type { StoreUnderTest } from './contract.ts'

/** A data directory of its own. */
export async function embeddedPlace(options?: EmbeddedOptions): Promise<StoreUnderTest & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'keyfall-store-'))
  return {
    folder,
    open: () => openEmbeddedStore(folder, options),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
