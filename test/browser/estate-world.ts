import { answerEstate, answerFindings } from '../../graph/answer/estate.ts'
import { answerLinks, type KeptDecision } from '../../graph/answer/links.ts'
import { joinedStatement, statementPlans } from '../../graph/answer/statements.ts'
import type { Override, Statement } from '../../graph/estate/overrides.ts'
import type { StateMany, StateManyReply } from '../../graph/wire-overrides.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { linkId } from '../../graph/estate/links.ts'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { startMerge } from '../../graph/merge.ts'
import type { EstateQuery, EstateReply, FindingsReply } from '../../graph/wire-estate.ts'
import type { LinksReply } from '../../graph/wire-links.ts'
import { hostileNames, WORLD_AT } from './worlds.ts'

const CREDENTIALS = 120
const daysAgo = (days: number): string => new Date(Date.parse(WORLD_AT) - days * 86_400_000).toISOString()
const declared = [{ source: 'kubernetes', kind: 'declared' as const, file: 'deployments.json' }]

/** A small estate in facts, answered by the real answers: 120 credentials, some with gaps, names of every kind. */
function facts(): { entities: EntityFact[]; relationships: RelationshipFact[] } {
  const entities: EntityFact[] = []
  const relationships: RelationshipFact[] = []
  for (let i = 0; i < CREDENTIALS; i++) {
    const id = `aws:key:AKIAEXAMPLE${String(i).padStart(9, '0')}`
    const name = i < hostileNames.length ? hostileNames[i]! : `AKIAEXAMPLE${String(i).padStart(9, '0')}`
    entities.push({
      id,
      kind: 'aws.iam_access_key',
      name: name.slice(0, 1000),
      props: {
        createdAt: daysAgo(20 + i * 9),
        lastUsedAt: daysAgo(i % 150),
        ...(i % 8 !== 0 && { owner: ['Payments', 'Storefront', 'Identity'][i % 3]! }),
      },
      evidence: declared,
    })
    const app = `k8s:prod/shop/deployment/app-${i}`
    entities.push({ id: app, kind: 'k8s.deployment', name: `app-${i}`, evidence: declared })
    relationships.push({
      kind: 'USES_CREDENTIAL',
      from: app,
      to: id,
      delivery: i % 20 === 3 ? 'hardcoded' : 'env_at_start',
      evidence: declared,
    })
  }
  entities.push({ id: 'system:app-5', kind: 'business.system', name: 'App five', evidence: declared })
  return { entities, relationships }
}

export interface EstateWorld {
  estate(query: EstateQuery): EstateReply
  findings(query: { credential?: string }): FindingsReply
  links(): LinksReply
  /** `null` takes the decision back. False: there is no such link. */
  decide(id: string, decision: 'confirmed' | 'rejected' | null): boolean
  state(asked: StateMany): StateManyReply
}

export function estateWorld(): EstateWorld {
  const decisions: KeptDecision[] = []
  const overrides = new Map<string, Override>()
  const merge = startMerge()
  const { entities, relationships } = facts()
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  const scope = {
    ...{ scope: 'kubernetes:k8s/prod', title: 'Cluster prod', importer: 'kubernetes', importerTitle: 'Kubernetes' },
    ...{ nature: 'snapshot' as const, complete: true, at: WORLD_AT, files: [], blindTo: [], facts: merge.finish() },
  }
  const built = (): Estate =>
    buildEstate([scope], { id: 'stub', at: WORLD_AT, sample: false }, { decisions, overrides: [...overrides.values()] })
  let now = built()
  return {
    estate: (query) => answerEstate(now, query, WORLD_AT),
    findings: (query) => answerFindings(now, query, WORLD_AT),
    links: () => answerLinks(now, decisions),
    decide(id, decision) {
      const known = decisions.findIndex((one) => linkId(one) === id)
      const link = known >= 0 ? decisions[known] : now.suggestions.open.find((one) => linkId(one) === id)
      if (!link) return false
      if (known >= 0) decisions.splice(known, 1)
      const { kind, from, to } = link
      if (decision !== null)
        decisions.push({
          ...{ kind, from, to, decision, who: 'a user of this server', at: WORLD_AT },
          names: { from: 'App five', to: 'app-5' },
        })
      now = built()
      return true
    },
    state({ ids = [], set = {}, preview, restore }) {
      const keyOf = (id: string): string => now.entities[now.indexOf.get(id)!]!.key
      const keep = (id: string, said: Statement | null | undefined): void => {
        if (said) overrides.set(keyOf(id), { from: keyOf(id), said, who: 'the owner', at: WORLD_AT })
        else overrides.delete(keyOf(id))
      }
      const snapshot = { ...now.snapshot, entities: 0, relationships: 0, sources: 1 }
      if (restore) {
        for (const { id, said } of restore) keep(id, said as Statement | null)
        now = built()
        return { snapshot, changes: [], same: 0, before: [] }
      }
      const plans = statementPlans(now, ids, set as Statement, WORLD_AT)
      const before = plans.map(({ index }) => {
        const { id, key } = now.entities[index]!
        return { id, said: overrides.get(key)?.said ?? null }
      })
      const changes = plans.flatMap((plan) => [...plan.changes])
      const same = plans.filter((plan) => plan.changes.length === 0).length
      if (!preview) {
        for (const { index, set: one } of plans) {
          const { id, key } = now.entities[index]!
          keep(id, joinedStatement(overrides.get(key)?.said, one))
        }
        now = built()
      }
      return { snapshot, changes, same, before }
    },
  }
}
