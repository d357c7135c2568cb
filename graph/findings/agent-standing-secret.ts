import { changeRow } from '../answer/operations.ts'
import type { Finding } from './finding.ts'
import { evidenceOf, namesOf } from './scene.ts'

export const agentStandingSecret: Finding = {
  id: 'agent-standing-secret',
  title: 'AI agent with a standing secret',
  todo: 'give the agent short-lived, task-bound access',
  level: 'high',
  controls: ['NHI5', 'NHI7', 'AI RMF GOVERN 1.6', 'AI RMF MANAGE 2.4', 'MAESTRO L4', 'MAESTRO L6', 'ZT 3'],
  look({ estate, users, entity }) {
    const agents = users.filter((index) => estate.entities[index]!.kind === 'ai.agent')
    if (agents.length === 0 || changeRow(entity.kind)?.defaultTtl !== 'none') return null
    return {
      reason: `${namesOf(estate, agents)} holds it at all times, and it does not end by itself`,
      evidence: evidenceOf(entity, ...agents.map((index) => estate.entities[index])),
    }
  },
}
