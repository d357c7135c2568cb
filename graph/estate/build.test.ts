import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { startMerge } from '../merge.ts'
import { buildEstate } from './build.ts'
import type { EstateScope } from './estate.ts'
import { storedValueKey } from './implied.ts'

const declared = [{ source: 'test', kind: 'declared' as const }]

function scope(name: string, entities: EntityFact[], relationships: RelationshipFact[]): EstateScope {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  const facts = merge.finish()
  return {
    scope: name,
    title: name,
    importer: 'test',
    importerTitle: 'Test',
    nature: 'snapshot',
    complete: true,
    at: '2026-11-20T04:00:00Z',
    files: [],
    blindTo: [],
    facts,
  }
}

const build = (...scopes: EstateScope[]) => buildEstate(scopes, { id: 'x', at: null, sample: false })
const named = (estate: ReturnType<typeof build>, key: string) => estate.entities.find((entity) => entity.key === key)

describe('the estate', () => {
  it('is the same whatever the order of its sources', () => {
    const a = scope(
      'a',
      [{ id: 'k:1', kind: 'generic.credential', name: 'one', props: { owner: 'A', lastUsedAt: '2026-01-01' } }],
      [],
    )
    const b = scope(
      'b',
      [{ id: 'k:1', kind: 'aws.iam_access_key', props: { owner: 'B', lastUsedAt: '2026-02-01' }, evidence: declared }],
      [],
    )
    const c = scope('c', [{ id: 'k:1', role: 'credential', name: 'uno' }], [])
    const [first, ...others] = [
      [a, b, c],
      [c, b, a],
      [b, a, c],
    ].map((scopes) => build(...scopes).entities)
    for (const other of others) expect(other).toEqual(first)
    expect(first![0]).toMatchObject({ kind: 'aws.iam_access_key', props: { owner: 'B', lastUsedAt: '2026-02-01' } })
  })

  it('gives a secret of unknown content a stored value, and none to one that copies another or holds something', () => {
    const estate = build(
      scope(
        'a',
        [
          { id: 's:origin', kind: 'vault.kv2_secret' },
          { id: 's:copy', kind: 'k8s.secret_object' },
          { id: 's:known', kind: 'k8s.secret_object' },
          { id: 'c:key', kind: 'aws.iam_access_key' },
        ],
        [
          { kind: 'SYNCED_FROM', from: 's:copy', to: 's:origin' },
          { kind: 'HOLDS', from: 's:known', to: 'c:key' },
        ],
      ),
    )
    expect(named(estate, storedValueKey('s:origin'))).toMatchObject({ kind: 'generic.stored_value' })
    expect(named(estate, storedValueKey('s:copy'))).toBeUndefined()
    expect(named(estate, storedValueKey('s:known'))).toBeUndefined()
  })

  it('keeps an end that nothing describes, as a thing of its usual role', () => {
    const estate = build(scope('a', [], [{ kind: 'USES_SECRET', from: 'w:app', to: 's:gone', evidence: declared }]))
    expect(named(estate, 's:gone')).toMatchObject({ kind: 'generic.secret', id: idOf('s:gone') })
    expect(named(estate, 'w:app')).toMatchObject({ kind: 'generic.workload' })
  })

  it('joins "key 1 of a user" with the key that was created for that user in the same second, and nothing less certain', () => {
    const user: EntityFact = { id: 'arn:aws:iam::111122223333:user/bot', kind: 'aws.iam_user', name: 'bot' }
    const slot = (createdAt: string): EstateScope =>
      scope(
        'report',
        [
          user,
          {
            id: `aws:key-slot:${user.id}/1`,
            kind: 'aws.iam_access_key',
            name: 'access key 1 of bot',
            props: { createdAt, lastUsedAt: '2026-11-01T00:00:00Z' },
          },
        ],
        [{ kind: 'AUTHENTICATES_AS', from: `aws:key-slot:${user.id}/1`, to: user.id, evidence: declared }],
      )
    const listing = scope(
      'keys',
      [
        user,
        {
          id: 'aws:key:AKIAEXAMPLE000000001',
          kind: 'aws.iam_access_key',
          name: 'AKIAEXAMPLE000000001',
          props: { createdAt: '2025-01-02T03:04:05Z' },
        },
      ],
      [{ kind: 'AUTHENTICATES_AS', from: 'aws:key:AKIAEXAMPLE000000001', to: user.id, evidence: declared }],
    )
    const keysOf = (estate: ReturnType<typeof build>) =>
      estate.entities.filter((entity) => entity.kind === 'aws.iam_access_key')
    const joined = build(slot('2025-01-02T03:04:05+00:00'), listing)
    expect(keysOf(joined)).toHaveLength(1)
    expect(keysOf(joined)[0]).toMatchObject({
      name: 'AKIAEXAMPLE000000001',
      props: { lastUsedAt: '2026-11-01T00:00:00Z' },
    })
    expect(joined.relationships.filter((one) => one.kind === 'AUTHENTICATES_AS')).toHaveLength(1)
    expect(keysOf(build(slot('2025-01-02T03:04:06Z'), listing))).toHaveLength(2)
  })

  describe('secrets of AWS under several names', () => {
    const arn = (account: string, rest: string) => `arn:aws:secretsmanager:eu-west-1:${account}:secret:${rest}`
    const listed = (account: string, name: string, ending: string): EntityFact => ({
      id: arn(account, `${name}-${ending}`),
      kind: 'aws.secretsmanager_secret',
      name,
      aliases: [name, arn(account, name), `aws:secretsmanager:eu-west-1:${name}`],
    })
    const used = (by: string, to: string) => scope(by, [], [{ kind: 'USES_SECRET', from: by, to, evidence: declared }])
    const synced = scope(
      'cluster',
      [{ id: 'aws:secretsmanager:eu-west-1:shop/db', kind: 'aws.secretsmanager_secret', name: 'shop/db' }],
      [{ kind: 'USES_SECRET', from: 'w:store', to: 'aws:secretsmanager:eu-west-1:shop/db', evidence: declared }],
    )
    const usersOf = (estate: ReturnType<typeof build>, key: string) =>
      estate.relationships
        .filter((one) => one.kind === 'USES_SECRET' && one.to === idOf(key))
        .map((one) => estate.entities[estate.indexOf.get(one.from)!]!.key)
        .sort()

    it('are one secret: whoever calls it by region and name or without its ending depends on the one listed', () => {
      const main = listed('111122223333', 'shop/db', 'aB3xY9')
      const estate = build(
        scope('listing', [main], []),
        synced,
        used('w:lambda', arn('111122223333', 'shop/db')),
        used('w:task', main.id),
      )
      expect(usersOf(estate, main.id)).toEqual(['w:lambda', 'w:store', 'w:task'])
      expect(estate.entities.filter((entity) => entity.kind === 'aws.secretsmanager_secret')).toHaveLength(1)
      expect(named(estate, main.id)).toMatchObject({ name: 'shop/db', kind: 'aws.secretsmanager_secret' })
    })

    it('stay apart while another account is known of whose secrets nothing was listed: each is suggested', () => {
      const main = listed('111122223333', 'shop/db', 'aB3xY9')
      const inAccount = (account: string): RelationshipFact => ({
        kind: 'CONTAINED_IN',
        from: `arn:aws:iam::${account}:role/x`,
        to: `aws:account:${account}`,
      })
      const account = (id: string): EntityFact => ({ id: `aws:account:${id}`, kind: 'aws.account', name: id })
      const both = ['111122223333', '444455556666']
      const estate = build(scope('listing', [main, ...both.map(account)], both.map(inAccount)), synced)
      expect(named(estate, 'aws:secretsmanager:eu-west-1:shop/db')).toBeDefined()
      const suggested = estate.suggestions.open.filter(({ from }) => from === 'aws:secretsmanager:eu-west-1:shop/db')
      expect(suggested).toMatchObject([
        { kind: 'SYNCED_FROM', to: main.id, reason: expect.stringContaining('444455556666') },
      ])
      const copied = estate.relationships.find(({ kind, to }) => kind === 'SYNCED_FROM' && to === idOf(main.id))
      expect(copied).toMatchObject({ confidence: 'possible' })
      const other = listed('444455556666', 'shop/other', 'Zz1Yy2')
      const all = build(scope('listing', [main, other, ...both.map(account)], both.map(inAccount)), synced)
      expect(usersOf(all, main.id)).toEqual(['w:store'])
    })

    it('stay apart while two could be meant: the same name in two accounts, or deleted and made again', () => {
      const [here, there] = [listed('111122223333', 'shop/db', 'aB3xY9'), listed('444455556666', 'shop/db', 'Zz1Yy2')]
      const again = listed('111122223333', 'shop/db', 'New0ne')
      const across = build(scope('listing', [here, there], []), synced, used('w:task', arn('111122223333', 'shop/db')))
      expect(named(across, 'aws:secretsmanager:eu-west-1:shop/db')).toBeDefined()
      expect(usersOf(across, here.id)).toEqual(['w:task'])
      const twice = build(scope('listing', [here, again], []), used('w:task', arn('111122223333', 'shop/db')))
      expect(usersOf(twice, here.id)).toEqual([])
      expect(usersOf(twice, arn('111122223333', 'shop/db'))).toEqual(['w:task'])
    })

    it('are not guessed from an ARN alone: `my-secret` has the form of `my` with an ending', () => {
      const guessed: EntityFact = {
        id: arn('111122223333', 'my-secret'),
        kind: 'aws.secretsmanager_secret',
        name: 'my',
        aliases: ['my', arn('111122223333', 'my')],
      }
      const estate = build(scope('log', [guessed], []), used('w:task', arn('111122223333', 'my')))
      expect(usersOf(estate, guessed.id)).toEqual([])
    })

    it('are parameters of SSM as well, with and without the first slash', () => {
      const parameter: EntityFact = {
        id: 'arn:aws:ssm:eu-west-1:111122223333:parameter/shop/token',
        kind: 'aws.ssm_parameter',
        name: '/shop/token',
        aliases: ['aws:ssm:eu-west-1:/shop/token', 'aws:ssm:eu-west-1:shop/token'],
      }
      const estate = build(
        scope('listing', [parameter], []),
        used('w:a', 'aws:ssm:eu-west-1:/shop/token'),
        used('w:b', 'aws:ssm:eu-west-1:shop/token'),
      )
      expect(usersOf(estate, parameter.id)).toEqual(['w:a', 'w:b'])
    })
  })

  it('takes a permission for no use, and a use that was only inferred for possible', () => {
    const estate = build(
      scope(
        'a',
        [],
        [
          { kind: 'CAN_ACCESS', from: 'i:role', to: 's:one', evidence: declared },
          { kind: 'CAN_ACCESS', from: 'i:role', to: 's:two', evidence: [{ source: 'log', kind: 'observed' }] },
          { kind: 'DEPENDS_ON', from: 'sys:a', to: 'w:b', evidence: [{ source: 'x', kind: 'inferred' }] },
        ],
      ),
    )
    const confidence = (from: string, to: string) =>
      estate.relationships.find((one) => one.from === idOf(from) && one.to === idOf(to))?.confidence
    expect(confidence('i:role', 's:one')).toBe('none')
    expect(confidence('i:role', 's:two')).toBe('possible')
    expect(confidence('sys:a', 'w:b')).toBe('possible')
  })
})
