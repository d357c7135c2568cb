import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { idOf } from '../ids.ts'
import { HERE, THERE, arn, secretArn } from './account.test-data.ts'
import { actionNumber } from './actions.ts'
import { decide } from './evaluate.ts'
import { groupsOf, membersOf } from './groups.ts'
import type { Policy, Who } from './request.ts'
import type { Statement } from './statement.ts'
import { thingList } from './thing-list.ts'
import { compiled, type Thing } from './world.ts'
import type { Verdict } from './verdict.ts'

const action = actionNumber('secretsmanager:GetSecretValue')
const user = arn('user/deploy')
const names = ['shop/db', 'shop/api', 'mail/key', 'mail']

const pattern = fc.constantFrom(
  '*',
  'arn:aws:secretsmanager:*:*:secret:*',
  ...names.map((name) => secretArn(name)),
  ...names.map((name) => secretArn(name).replace('-AbCdEf', '-??????')),
  secretArn('shop/*'),
  'arn:aws:s3:::bucket',
  secretArn('${aws:username}/db'),
)
const condition = fc.constantFrom(
  { operator: 'StringEquals', key: 'aws:PrincipalAccount', values: [HERE] },
  { operator: 'StringNotEquals', key: 'aws:PrincipalAccount', values: [HERE] },
  { operator: 'StringLike', key: 'secretsmanager:ResourceTag/team', values: ['shop'] },
  { operator: 'StringEquals', key: 'aws:PrincipalTag/team', values: ['shop', 'mail'] },
  { operator: 'IpAddress', key: 'aws:SourceIp', values: ['198.51.100.0/24'] },
  { operator: 'Bool', key: 'aws:MultiFactorAuthPresent' },
)
const statement = (effect: fc.Arbitrary<boolean>): fc.Arbitrary<Statement> =>
  fc.record({
    allows: effect,
    actions: fc.constantFrom(
      ['*'],
      ['secretsmanager:*'],
      ['secretsmanager:GetSecretValue'],
      ['iam:*'],
      ['s3:*', 'kms:*'],
    ),
    notActions: fc.boolean(),
    resources: fc.uniqueArray(pattern, { minLength: 1, maxLength: 2 }),
    notResources: fc.boolean(),
    notPrincipals: fc.constant(false),
    tests: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(condition) }),
  })
const anyStatement = statement(fc.boolean())
const statements = fc.array(anyStatement, { maxLength: 4 })
const principals = fc.constantFrom(
  [['AWS', user]] as const,
  [['AWS', '*']] as const,
  [['AWS', `arn:aws:iam::${HERE}:root`]] as const,
  [['AWS', `arn:aws:iam::${THERE}:root`]] as const,
)
const own = fc.array(
  fc.tuple(anyStatement, principals).map(([one, named]): Statement => ({ ...one, principals: named })),
  { maxLength: 2 },
)

interface World {
  readonly identity: readonly Statement[]
  readonly boundary: readonly Statement[] | undefined
  readonly levels: readonly (readonly Statement[])[]
  readonly resource: readonly Statement[]
  readonly account: string
}
const world: fc.Arbitrary<World> = fc.record({
  identity: statements,
  boundary: fc.option(statements, { nil: undefined }),
  levels: fc.array(statements, { maxLength: 2 }),
  resource: own,
  account: fc.constantFrom(HERE, HERE, THERE),
})

const policy = (name: string, all: readonly Statement[]): Policy => ({
  name,
  entity: name,
  statements: all.map(compiled),
  text: JSON.stringify(all),
})

function whoIn({ identity, boundary, levels, account }: World): Who {
  return {
    key: user,
    arn: user,
    account,
    name: 'deploy',
    type: 'user',
    uniqueIds: [],
    policies: [policy('identity', identity)],
    unseen: [],
    boundary: boundary && policy('boundary', boundary),
    control: { levels: levels.map((level) => [policy('scp', level)]), seen: 'whole' },
    tags: { of: new Map([['team', 'shop']]), whole: true },
  }
}

function thing(name: string, more: Partial<Thing> = {}): Thing {
  const key = secretArn(name)
  return {
    entity: { id: idOf(key), key, kind: 'aws.secretsmanager_secret', name },
    key,
    arn: key,
    forms: [key],
    account: HERE,
    ...more,
  }
}

const verdict = (one: World): Verdict =>
  decide(action, {
    who: whoIn(one),
    on: thing('shop/db', one.resource.length > 0 ? { policy: policy('own', one.resource) } : {}),
  })
const rank = (one: World): number => ['no', 'possible', 'yes'].indexOf(verdict(one).level)

const parts = ['identity', 'boundary', 'resource', 'level'] as const
/** The world with one more statement in one of its policies. */
function withMore(one: World, part: (typeof parts)[number], extra: Statement): World {
  if (part === 'level') return { ...one, levels: one.levels.map((level, at) => (at === 0 ? [...level, extra] : level)) }
  if (part === 'boundary') return one.boundary ? { ...one, boundary: [...one.boundary, extra] } : one
  if (part === 'resource')
    return one.resource.length === 0
      ? one
      : { ...one, resource: [...one.resource, { ...extra, principals: [['AWS', '*']] }] }
  return { ...one, identity: [...one.identity, extra] }
}

describe('evaluation', () => {
  test.prop([world, fc.constantFrom(...parts), statement(fc.constant(false))])(
    'is never widened by a denial',
    (one, part, extra) => void expect(rank(withMore(one, part, extra))).toBeLessThanOrEqual(rank(one)),
  )
  test.prop([world, fc.constantFrom(...parts), statement(fc.constant(true))])(
    'is never narrowed by a permission',
    (one, part, extra) => void expect(rank(withMore(one, part, extra))).toBeGreaterThanOrEqual(rank(one)),
  )
  test.prop([world, statements])('is never widened by a boundary or one more organization policy', (one, more) => {
    if (one.boundary === undefined) expect(rank({ ...one, boundary: more })).toBeLessThanOrEqual(rank(one))
    expect(rank({ ...one, levels: [...one.levels, more] })).toBeLessThanOrEqual(rank(one))
  })
  test.prop([world])('does not depend on the order of statements, principals and levels', (one) => {
    const turned = {
      ...one,
      identity: [...one.identity].reverse(),
      boundary: one.boundary && [...one.boundary].reverse(),
      levels: [...one.levels].reverse().map((level) => [...level].reverse()),
      resource: [...one.resource].reverse(),
    }
    const [a, b] = [verdict(one), verdict(turned)]
    expect([b.level, b.conditions]).toEqual([a.level, a.conditions])
  })

  test.prop([world], { numRuns: 300 })(
    'is sure only of what holds whatever becomes of each condition that was not decided',
    (one) => {
      const { level } = verdict(one)
      const open = undecided(one)
      for (let bits = 0; bits < 2 ** Math.min(open.size, 6); bits++) {
        const truth = new Map([...open].slice(0, 6).map((test, at) => [test, (bits >> at) % 2 === 1]))
        const settled = verdict(settle(one, truth)).level
        if (level !== 'possible' && open.size <= 6) expect(settled).toBe(level)
      }
    },
  )
})

const isOpen = ({ key }: { key: string }): boolean =>
  ['aws:SourceIp', 'aws:MultiFactorAuthPresent', 'secretsmanager:ResourceTag/team'].includes(key)

function undecided({ identity, boundary = [], levels, resource }: World): Set<object> {
  return new Set([...identity, ...boundary, ...levels.flat(), ...resource].flatMap(({ tests }) => tests.filter(isOpen)))
}

/** Conditions by object, not by text: the same key may be tested twice in opposite ways. */
function settle(one: World, truth: ReadonlyMap<object, boolean>): World {
  const of = (all: readonly Statement[]): readonly Statement[] =>
    all
      .filter(({ tests }) => tests.every((test) => truth.get(test) !== false))
      .map((each) => ({ ...each, tests: each.tests.filter((test) => !truth.has(test)) }))
  return {
    ...one,
    identity: of(one.identity),
    boundary: one.boundary && of(one.boundary),
    levels: one.levels.map(of),
    // A policy that is there and allows nothing is not the same as none.
    resource:
      one.resource.length > 0
        ? [...of(one.resource), { ...one.resource[0]!, actions: ['iam:*'], notActions: false }]
        : [],
  }
}

describe('judging many things at once', () => {
  const things = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names, 'shop/x', 'deploy/db', 'zz', 'mail/key2'),
      own: fc.option(own, { nil: undefined }),
      tag: fc.option(fc.constantFrom('shop', 'mail'), { nil: undefined }),
    }),
    { maxLength: 8, selector: ({ name }) => name },
  )
  test.prop([world, things], { numRuns: 300 })('comes to what judging each comes to', (one, described) => {
    const who = whoIn(one)
    const list = thingList(
      'list',
      'secrets',
      HERE,
      described.map(({ name, own: statements, tag }) =>
        thing(name, {
          ...(statements && { policy: policy('own', statements) }),
          tags: { of: new Map(tag === undefined ? [] : [['team', tag]]), whole: false },
        }),
      ),
    )
    const judge = (each: Thing): Verdict => decide(action, { who, on: each })
    const found = new Map(
      groupsOf(who, list, [action], judge, { left: 1e6 }).flatMap((group) =>
        membersOf(group, list).map((number) => [
          list.things[number]!.arn,
          [group.verdict.level, group.verdict.conditions],
        ]),
      ),
    )
    for (const each of list.things) {
      const { level, conditions } = judge(each)
      expect(found.get(each.arn)).toEqual(level === 'no' ? undefined : [level, conditions])
    }
  })
})
