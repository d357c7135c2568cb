import { answerAround } from '../../graph/answer/map-around.ts'
import { answerMap, answerMapCell } from '../../graph/answer/map.ts'
import type { Estate } from '../../graph/estate/build.ts'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { estateOf } from '../../graph/reach/estate.test-data.ts'
import type { AroundQuery, AroundReply, MapCellQuery, MapCellReply, MapQuery, MapReply } from '../../graph/wire-map.ts'
import { hostileNames } from './worlds.ts'

const SYSTEMS = 8
/** Dependants of `aws:key:hub`. */
export const HUB = 100_000

/**
 * Systems with an app each that uses `aws:key:shared`, the even ones out of a Kubernetes secret; system 0 needs
 * system 1; and a key that 100,000 jobs use. Two names are hostile.
 */
function facts(): { entities: EntityFact[]; relationships: RelationshipFact[] } {
  const entities: EntityFact[] = [{ id: 'aws:key:shared', kind: 'aws.iam_access_key', name: 'shared-key' }]
  const relationships: RelationshipFact[] = [
    { kind: 'AUTHENTICATES_AS', from: 'aws:key:shared', to: 'aws:user:robot' },
    { kind: 'HOLDS', from: 'k8s:secret:pay', to: 'aws:key:shared' },
    { kind: 'DEPENDS_ON', from: 'system:0', to: 'system:1' },
  ]
  entities.push({ id: 'aws:user:robot', kind: 'aws.iam_user', name: 'robot' })
  entities.push({ id: 'k8s:secret:pay', kind: 'k8s.secret_object', name: 'pay-secret' })
  for (let i = 0; i < SYSTEMS; i++) {
    const name = i >= SYSTEMS - 2 ? hostileNames[i % hostileNames.length]!.slice(0, 1_000) : `System ${i}`
    const props = { owner: i % 2 === 0 ? 'Payments' : 'Storefront', tier: 1 + (i % 3) }
    entities.push({ id: `system:${i}`, kind: 'business.system', name, props })
    entities.push({ id: `app:${i}`, kind: 'k8s.deployment', name: `app-${i}` })
    relationships.push({ kind: 'DEPENDS_ON', from: `system:${i}`, to: `app:${i}` })
    relationships.push(
      i % 2 === 0
        ? { kind: 'USES_SECRET', from: `app:${i}`, to: 'k8s:secret:pay' }
        : { kind: 'USES_CREDENTIAL', from: `app:${i}`, to: 'aws:key:shared' },
    )
  }
  return { entities, relationships }
}

function hubFacts(): RelationshipFact[] {
  return Array.from({ length: HUB }, (_, i) => ({
    kind: 'USES_CREDENTIAL' as const,
    from: `job:${String(i).padStart(6, '0')}`,
    to: 'aws:key:hub',
  }))
}

interface MapWorld {
  matrix(query: MapQuery): MapReply
  cell(query: MapCellQuery): MapCellReply
  /** `null`: no such thing. */
  around(id: string, query: AroundQuery): AroundReply | null
}

let small: Estate | undefined
let large: Estate | undefined

/** The real answers over that estate; the hub is made when it is first asked for. */
export function mapWorld(): MapWorld {
  const { entities, relationships } = facts()
  small ??= estateOf(entities, relationships)
  const estate = small
  return {
    matrix: (query) => answerMap(estate, query),
    cell: (query) => answerMapCell(estate, query),
    around(id, query) {
      if (estate.indexOf.has(id)) return answerAround(estate, id, query)
      large ??= estateOf([{ id: 'aws:key:hub', kind: 'aws.iam_access_key', name: 'hub-key' }], hubFacts())
      return large.indexOf.has(id) ? answerAround(large, id, query) : null
    },
  }
}
