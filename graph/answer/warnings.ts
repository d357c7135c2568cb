import { along } from '../estate/estate.ts'
import type { EntityKind } from '../kinds/entity-kinds.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { Note, Operation } from '../wire.ts'
import type { Assessment } from './assess.ts'
import { publishOf } from './change.ts'
import { clocksOf } from './clocks.ts'
import { duration, exactly, plural } from './durations.ts'
import { lagAt } from './lag.ts'
import { effectOf, hasSecondUser, operations } from './operations.ts'
import { ringsAmong } from './rings.ts'
import { strengthOf } from './things.ts'

/** Where the spans say less than what happens (engine.md, "Known limits"), as far as it matters in this answer. */
export function warningsOf(assessment: Assessment): Note[] {
  return [cycles, lockout, untested, nowhere, overwritten, pools, tooSoon, ofThisKind, ownerless].flatMap((warning) =>
    warning(assessment),
  )
}

/** Everything that needs itself in a ring and is out: nothing in it can start before the others are up. */
function cycles({ estate, base }: Assessment): Note[] {
  const out = base.affected.filter((index) => base.possible(index) !== null)
  const rings = ringsAmong(estate, out)
  return rings.slice(0, 3).map((ring) => {
    const names = ring.slice(0, 4).map((index) => estate.entities[index]!.name)
    const more = ring.length > 4 ? ` and ${exactly(ring.length - 4)} more` : ''
    return {
      kind: 'cycle' as const,
      text: `${names.join(', ')}${more} need each other and are all out: they may not come back by themselves once the cause is gone.`,
      count: ring.length,
    }
  })
}

/** Accounts that a directory or a database locks after failed logins. */
const lockable: ReadonlySet<EntityKind> = new Set(['kerberos.keytab_or_service_password', 'generic.password'])

/** Whoever goes on trying the old value locks the account for those who have the new one. */
function lockout({ estate, subject, op, dependents }: Assessment): Note[] {
  const { kind } = estate.entities[subject]!
  if (operations[op].engine !== 'rotate' || !(lockable.has(kind) || hasSecondUser(kind))) return []
  const stuck = dependents.filter(({ possible }) => possible !== null && possible[1] === null)
  if (stuck.length === 0) return []
  const names = stuck.slice(0, 3).map(({ index }) => estate.entities[index]!.name)
  return [
    {
      kind: 'lockout',
      text: `${plural(stuck.length, 'dependant')} ${stuck.length === 1 ? 'keeps' : 'keep'} the old value (${names.join(', ')}): where failed logins lock the account, their retries lock it for everybody.`,
      count: stuck.length,
    },
  ]
}

/** Dependents that hold out on a way which nothing shows in use. */
function untested({ estate, dependents, base }: Assessment): Note[] {
  const names = new Set<string>()
  let count = 0
  for (const { index, verdict } of dependents) {
    if (verdict !== 'keeps') continue
    // Most have no alternatives at all.
    const ways = [...along(estate.out, index)].filter((number) => estate.relationships[number]!.need !== undefined)
    const left = ways.filter((number) => base.possible(estate.heads[number]!) === null)
    const needs = new Set(left.map((number) => estate.relationships[number]!.need))
    const lost = ways.some((number) => needs.has(estate.relationships[number]!.need) && !left.includes(number))
    if (!lost || left.some((number) => strengthOf(estate.relationships[number]!) === 'observed')) continue
    count++
    for (const number of left) names.add(estate.entities[estate.heads[number]!]!.name)
  }
  if (count === 0) return []
  return [
    {
      kind: 'untested-fallback',
      text: `${plural(count, 'dependant')} ${count === 1 ? 'relies' : 'rely'} on another way that nothing here shows in use: ${[...names].sort().slice(0, 3).join(', ')}. Try it before.`,
      count,
    },
  ]
}

/** A rotation whose new value would stand nowhere. */
function nowhere({ estate, subject, op, users, dependents }: Assessment): Note[] {
  if (operations[op].engine !== 'rotate' || dependents.length === 0) return []
  if (publishOf(estate, subject, op, users.places).length > 0) return []
  const where = op === 'enforce-vault' ? 'No vault is' : op === 'enforce-jit' ? 'No broker is' : 'No place is'
  return [{ kind: 'not-held', text: `${where} known to hold it: the new value would reach nobody by itself.` }]
}

/** Copies that a sync fills: what is put there by hand is gone with the next round. */
function overwritten({ estate, users, op }: Assessment): Note[] {
  if (operations[op].engine !== 'rotate') return []
  const filled = users.places.filter(({ index, put }) => !put && holdsItself(estate, index))
  if (filled.length === 0) return []
  const names = filled.slice(0, 3).map(({ index }) => estate.entities[index]!.name)
  return [
    {
      kind: 'overwritten',
      text: `${names.join(', ')} ${filled.length === 1 ? 'is' : 'are'} filled by a sync: a value put there by hand is overwritten at its next round.`,
      count: filled.length,
    },
  ]
}

function holdsItself(estate: Assessment['estate'], place: number): boolean {
  const kinds = [...along(estate.out, place)].map((number) => estate.relationships[number]!.kind)
  return kinds.includes('HOLDS') && kinds.includes('SYNCED_FROM')
}

/** Connections of a pool age one by one: the first fails long before the last. */
function pools({ estate, subject, op, dependents, users }: Assessment): Note[] {
  const { codes } = effectOf(estate.entities[subject]!.kind, op)
  if (!codes.includes('conn')) return []
  const users_ = new Set(users.workloads)
  const hit = dependents.filter(({ index, verdict }) => verdict !== 'keeps' && users_.has(index))
  const longest = hit.flatMap(({ index }) =>
    [...along(estate.out, index)].map((number) => {
      const { session } = estate.relationships[number]!
      return (session ?? clocksOf(estate, number, op).session?.span)?.[1]
    }),
  )
  const known = longest.filter((end): end is number => typeof end === 'number' && end > 0)
  if (hit.length === 0 || (known.length === 0 && !longest.includes(null))) return []
  const until = longest.includes(null) ? 'as long as one lives' : `up to ${duration(Math.max(...known))} after`
  return [
    {
      kind: 'partial',
      text: `Open connections go on and fail one by one as they are made anew: some requests at first, all of them ${until}.`,
      count: hit.length,
    },
  ]
}

/** The old one is refused before everybody knows the new one. */
function tooSoon({ estate, subject, op, change }: Assessment): Note[] {
  const lag = lagAt(estate, subject, op).span[1]
  if (operations[op].engine !== 'rotate' || (change.overlap ?? 0) > 0 || !lag) return []
  return [
    {
      kind: 'partial',
      text: `A new value may be refused for up to ${duration(lag)} until the platform knows it everywhere; these spans count it as good at once.`,
    },
  ]
}

/** What is peculiar to one kind (change-semantics.md, where each is told). */
const peculiar: Partial<Record<EntityKind, Partial<Record<Operation, string>>>> = {
  'gitlab.access_token': {
    rotate: 'A job that asks for the same rotation again, with the old token, revokes the new one too (7.4).',
    'rotate-in-place':
      'A job that asks for the same rotation again, with the old token, revokes the new one too (7.4).',
  },
  'aws.iam_access_key': {
    rotate: 'A new key may need 10 seconds and more before every endpoint takes it (2.1).',
    revoke: 'Calls with a deleted key may leave no event in CloudTrail: who still uses it is not seen there (2.8).',
    disable: 'Calls with an inactive key may leave no event in CloudTrail: who still uses it is not seen there (2.8).',
  },
  'aws.iam_user': {
    delete:
      'Trust and resource policies that name it stay broken, even if a user of the same name is made again (2.1).',
  },
  'aws.iam_role': {
    delete:
      'Trust and resource policies that name it stay broken, even if a role of the same name is made again (2.3).',
  },
  'db.postgres_password': {
    'enforce-vault': 'A static role of Vault rotates the password once at the moment it is made (6.5).',
  },
  'k8s.sa_signing_key': {
    revoke: 'Tokens signed with it may live for up to a year: wait for the longest before it goes (5.3).',
  },
  'azure.managed_identity': {
    delete: 'A new identity is another principal: its role assignments have to be made again (3.4).',
  },
}

function ofThisKind({ estate, subject, op }: Assessment): Note[] {
  const text = peculiar[estate.entities[subject]!.kind]?.[op]
  return text === undefined ? [] : [{ kind: 'peculiar', text }]
}

/** What only loses whom to ask when somebody leaves. */
function ownerless({ estate, subject, op, targets }: Assessment): Note[] {
  if (op !== 'offboard') return []
  const struck = new Set(targets.entities)
  const left = [...along(estate.in, subject)].filter(
    (number) => estate.relationships[number]!.kind === 'OWNED_BY' && !struck.has(estate.tails[number]!),
  )
  if (left.length === 0) return []
  const verb = relationshipKinds.OWNED_BY.inverse
  return [
    {
      kind: 'ownerless',
      text: `${plural(left.length, 'thing')} that it ${verb} go on, and nobody is named for ${left.length === 1 ? 'it' : 'them'} then.`,
      count: left.length,
    },
  ]
}
