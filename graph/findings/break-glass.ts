import { UNUSED_AFTER_DAYS } from '../answer/unused.ts'
import type { Finding } from './finding.ts'
import { ageOf, evidenceOf, flagAround, textAround } from './scene.ts'

const TESTED_WITHIN_DAYS = 180

export const breakGlass: Finding = {
  id: 'break-glass',
  title: 'Break-glass, untested or used',
  todo: 'test it, and review each use',
  level: 'high',
  controls: ['NHI10', 'PR.AA-05', 'GV.OV'],
  look(scene) {
    if (!flagAround(scene, 'breakGlass') && textAround(scene, 'purpose') !== 'break-glass') return null
    const used = ageOf(scene, 'lastUsedAt')
    const reviewed = ageOf(scene, 'reviewedAt')
    if (used !== undefined && used <= UNUSED_AFTER_DAYS && (reviewed === undefined || reviewed > used))
      return { reason: `used ${used} days ago, and no review is recorded since`, evidence: evidenceOf(scene.entity) }
    const tested = ageOf(scene, 'lastTestedAt')
    if (tested !== undefined && tested <= TESTED_WITHIN_DAYS) return null
    return {
      reason: tested === undefined ? 'no test of it is recorded' : `last tested ${tested} days ago`,
      evidence: evidenceOf(scene.entity),
    }
  },
}
