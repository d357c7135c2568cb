import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import { findEscalations } from './escalate.ts'
import { listsOf } from './lists.ts'
import { isOnPaper, settled } from './paper.ts'
import { givePermissions, giveToEverybody, type Work } from './permissions.ts'
import { startRelations } from './relations.ts'
import { worldOf, type World } from './world.ts'

/** Judgements on things that stand out; beyond, sets are told whole and as possible. */
const JUDGEMENTS = 3_000_000

/**
 * The facts with what IAM of AWS comes to: who may assume, read, change and take over what, after identity, group and
 * resource policies, boundaries, organization policies and denials. All of it is permission, so nothing of it is ever
 * operational: confidence `none`, or a kind that carries no outage. Permissions that single policies state are settled:
 * dropped where something else takes them away for certain. Facts without policies are given back as they are.
 */
export function withAwsAccess(facts: KnownFacts): KnownFacts {
  const world = worldOf(facts)
  if (world === undefined) return facts
  const relations = startRelations((key) => facts.entities.get(idOf(key))?.evidence?.[0])
  const work: Work = { world, lists: listsOf(world), relations, budget: { left: JUDGEMENTS }, decrypting: new Map() }
  // By key: work is bounded, and the bound must fall on the same principals whatever the order of sources.
  for (const [id, who] of [...world.principals].sort(([, a], [, b]) => (a.key < b.key ? -1 : 1))) {
    const entity = facts.entities.get(id)!
    const { isAdministrator } = findEscalations(who, entity, work)
    if (!isAdministrator) givePermissions(who, entity, work)
  }
  const everybody = everybodyIn(facts)
  giveToEverybody(work, everybody)
  vouch(work)
  const found = relations.finish()
  const entities = new Map(facts.entities)
  for (const entity of found.entities) entities.set(entity.id, entity)
  if (found.relationships.some(({ from }) => from === everybody.id)) entities.set(everybody.id, everybody)
  return { entities, relationships: joined(facts, found.relationships, world) }
}

function everybodyIn({ entities }: KnownFacts): KnownEntity {
  const key = keys.awsAnyone()
  return entities.get(idOf(key)) ?? { id: idOf(key), key, kind: 'aws.external_principal', name: 'anyone' }
}

/** Whoever has an identity provider can vouch for anybody it is believed about. */
function vouch({ relations, world: { entities, links } }: Work): void {
  for (const [somebody, provider] of links.vouched)
    relations.one('CAN_ESCALATE_TO', entities.get(provider)!, entities.get(somebody)!, {
      row: 'vouch',
      words: 'vouch for anybody it likes',
      verdict: { level: 'yes', conditions: [] },
      parts: [],
    })
}

function joined(
  facts: KnownFacts,
  found: readonly KnownRelationship[],
  world: World,
): ReadonlyMap<string, KnownRelationship> {
  const all = new Map<string, KnownRelationship>()
  for (const [id, relationship] of facts.relationships) {
    const after = isOnPaper(relationship) ? settled(relationship, world) : relationship
    if (after !== undefined) all.set(id, after.kind === 'MEMBER_OF' ? withoutRepetition(after, world) : after)
  }
  for (const one of found) {
    const known = all.get(one.id)
    all.set(one.id, known === undefined ? one : withReasons(known, one))
  }
  return all
}

/**
 * What a group gives is said of each member itself, because a denial or a boundary of the member counts against it.
 * Compromise must not go round that over the group.
 */
function withoutRepetition(membership: KnownRelationship, { principals }: World): KnownRelationship {
  if (!principals.has(membership.from) || !principals.has(membership.to)) return membership
  return { ...membership, props: { ...membership.props, saidOfMember: true } }
}

/** A relationship that a log or a configuration shows keeps what it is; that it is permitted is added. */
function withReasons(known: KnownRelationship, found: KnownRelationship): KnownRelationship {
  return {
    ...known,
    props: { ...known.props, ...found.props },
    evidence: [...(known.evidence ?? []), ...(found.evidence ?? [])].slice(0, 20),
  }
}
