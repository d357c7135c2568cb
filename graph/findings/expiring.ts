import type { Finding } from './finding.ts'
import { ageOf, evidenceOf } from './scene.ts'

const SOON_DAYS = 30

export const expiring: Finding = {
  id: 'expiring',
  title: `Ends within ${SOON_DAYS} days`,
  todo: 'renew it, or see what breaks',
  level: 'high',
  controls: ['PR.AA-01', 'GV.OC-03'],
  look(scene) {
    const past = ageOf(scene, 'expiresAt')
    if (past === undefined || -past > SOON_DAYS) return null
    const when = past > 0 ? `ended ${past} days ago` : past === 0 ? 'ends today' : `ends in ${-past} days`
    return {
      reason: `${when} (${String(scene.entity.props!['expiresAt']).slice(0, 10)})`,
      evidence: evidenceOf(scene.entity),
    }
  },
}
