import { ends } from '../estate/estate.ts'
import type { Finding } from './finding.ts'
import { evidenceOf, usesOf } from './scene.ts'

export const unattributedUse: Finding = {
  id: 'unattributed-use',
  title: 'Use not attributed',
  todo: 'name who stands behind these callers',
  level: 'high',
  controls: ['NHI4', 'DE.CM-03', 'ZT 5'],
  look(scene) {
    const { estate } = scene
    const uses = [...usesOf(scene)].filter((one) => estate.entities[ends(estate, one).from]!.kind === 'caller')
    if (uses.length === 0) return null
    const calls = uses.flatMap(({ evidence = [] }) => evidence).reduce((sum, { count = 0 }) => sum + count, 0)
    const from = uses.length === 1 ? 'one place' : `${uses.length} places`
    return {
      reason: `${calls > 0 ? `${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'}` : 'calls'} from ${from} that no known workload explains`,
      evidence: evidenceOf(...uses),
    }
  },
}
