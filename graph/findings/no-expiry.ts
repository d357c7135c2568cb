import { changeRow } from '../answer/operations.ts'
import type { Finding } from './finding.ts'
import { evidenceOf } from './scene.ts'

export const noExpiry: Finding = {
  id: 'no-expiry',
  title: 'No expiry',
  todo: 'prefer what ends by itself',
  level: 'low',
  controls: ['NHI7', 'ZT 3'],
  look({ entity }) {
    if (entity.props?.['expiresAt'] !== undefined || changeRow(entity.kind)?.defaultTtl !== 'none') return null
    return { reason: 'this kind of credential never ends by itself', evidence: evidenceOf(entity) }
  },
}
