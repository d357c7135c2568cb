import type { Sink } from '../../importer.ts'
import { mapAccess, type PolicyTexts } from './map-access.ts'
import { mapEngine } from './map-engines.ts'
import { mapIdentity } from './map-identity.ts'
import { mapRole } from './map-roles.ts'
import { mapSync } from './map-sync.ts'
import type { VaultRecord } from './model.ts'
import { readPolicy } from './policy-text.ts'
import { sceneOf, type VaultNote, type VaultOf } from './scene.ts'

/**
 * The facts of one Vault, from all records about it, whatever source told them: roles and who may log in with them,
 * engines and the credentials behind them, secrets, copies, and what policies let each role and entity read (may-read,
 * never use). Give all records of one Vault at once: policies are evaluated over the paths that are known.
 */
export async function mapVaultConfig(
  vault: VaultOf,
  records: readonly VaultRecord[],
  sink: Sink,
): Promise<readonly VaultNote[]> {
  const scene = sceneOf(vault, records, sink)
  const notes: VaultNote[] = []
  for (const record of records) {
    mapRole(scene, record)
    mapEngine(scene, record)
    mapIdentity(scene, record)
    mapSync(scene, record)
  }
  const texts: PolicyTexts = new Map()
  for (const record of records) {
    if (record.what !== 'policy') continue
    const read = await readPolicy(record.text)
    texts.set(`${record.namespace ?? ''}${record.name}`, { record, read })
    const unread = 'reason' in read ? ['all of it'] : read.unread
    if (unread.length > 0)
      notes.push({
        file: record.place.file,
        text: `policy ${record.name}: ${unread.slice(0, 5).join(', ')} could not be read; what it allows there is not known`,
      })
  }
  notes.push(...mapAccess(scene, texts))
  return notes
}
