import type { Finding } from './finding.ts'
import { evidenceOf } from './scene.ts'

export const unowned: Finding = {
  id: 'unowned',
  title: 'No owner',
  todo: 'name who answers for it',
  level: 'high',
  controls: ['NHI1', 'PR.AA-01', 'GV.OV', 'ZT 7'],
  look: (scene) =>
    scene.owner === null
      ? {
          reason: 'no source names an owner of it, of the identity it proves, or of a place that keeps it',
          evidence: evidenceOf(...scene.around),
        }
      : null,
}
