import type { KnownEntity, KnownRelationship } from '../known.ts'
import { actionNumber, actionsMatching } from './actions.ts'
import { decide } from './evaluate.ts'
import { listOf } from './list-of.ts'
import type { Compiled, Who } from './request.ts'
import type { Thing, World } from './world.ts'
import { no, under, yes, type Verdict } from './verdict.ts'

/** Importers that say what each policy of an account says for itself. */
const sources: ReadonlySet<string> = new Set(['aws-authorization-details', 'aws-config'])

/** A permission as one policy says it, before denials, boundaries and conditions: nothing but the import of IAM shows it. */
export function isOnPaper({ kind, confidence, evidence = [] }: KnownRelationship): boolean {
  return (
    (kind === 'ASSUMES' || kind === 'CAN_ACCESS') &&
    confidence === 'none' &&
    evidence.length > 0 &&
    evidence.every(({ source, note = '' }) => sources.has(source) && isOfPolicy(note))
  )
}

/** What AWS Config says of workloads besides is no permission of a policy: an execution role that fetches a secret. */
const isOfPolicy = (note: string): boolean => note.startsWith('policy ') || note.startsWith('trust policy')

const assumeActions = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'].map(actionNumber)

/**
 * A permission on paper after everything else that is known: undefined where it is taken away for certain, unchanged where
 * nothing is known of either end.
 */
export function settled(relationship: KnownRelationship, world: World): KnownRelationship | undefined {
  const who = world.principals.get(relationship.from)
  const thing = world.things.get(relationship.to)
  const from = world.entities.get(relationship.from)
  if (thing === undefined || from === undefined || from.kind === 'aws.instance_profile') return relationship
  const verdict = who === undefined ? trustIn(from, thing, relationship) : permissionOf(who, thing, relationship)
  if (verdict === undefined) return relationship
  return verdict.level === 'no' ? undefined : withVerdict(relationship, verdict)
}

function permissionOf(who: Who, thing: Thing, { kind, props }: KnownRelationship): Verdict | undefined {
  if (kind === 'ASSUMES') return decide(assumeActions[0]!, { who, on: thing })
  const action = props?.['action']
  const [number] = typeof action === 'string' ? actionsMatching(action) : []
  return number === undefined ? undefined : decide(number, { who, on: thing })
}

/**
 * A trust in somebody of whom no policy is known: a service, another account, a federated principal. What the trust says
 * of him and does not deny him again. Conditions that the import has decided are no longer among `conditions`.
 */
function trustIn(from: KnownEntity, { policy }: Thing, { kind, props }: KnownRelationship): Verdict | undefined {
  if (kind !== 'ASSUMES' || policy === undefined) return undefined
  let verdict = under(yes, listOf(props?.['conditions']))
  for (const statement of policy.statements) {
    if (statement.allows || !namesAlso(statement, from) || !assumeActions.some((one) => statement.speaksOf[one] === 1))
      continue
    if (statement.tests.length === 0) return no
    verdict = under(
      verdict,
      statement.tests.map(({ key }) => `not denied: ${key}`),
    )
  }
  return verdict
}

/** Does a denial in a trust speak of this somebody? */
function namesAlso({ principals = [], notPrincipals }: Compiled, { key }: KnownEntity): boolean {
  const named = principals.some(
    ([, id]) =>
      id === '*' || key === id || key.endsWith(`:${id}`) || key.startsWith(`aws:federated:${id}|`) || isRootOf(id, key),
  )
  return notPrincipals ? !named : named
}

const isRootOf = (id: string, key: string): boolean =>
  key.startsWith('aws:principals-of:') && id === `arn:aws:iam::${key.slice('aws:principals-of:'.length)}:root`

function withVerdict(relationship: KnownRelationship, { level, conditions }: Verdict): KnownRelationship {
  const { conditions: _unsettled, ...props } = relationship.props ?? {}
  return {
    ...relationship,
    props: {
      ...props,
      verdict: level === 'yes' ? 'allowed' : 'possible',
      ...(conditions.length > 0 && { conditions: conditions.map((one) => one.slice(0, 400)).slice(0, 50) }),
    },
  }
}
