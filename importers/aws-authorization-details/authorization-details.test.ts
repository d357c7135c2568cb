import { readFileSync } from 'node:fs'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { runInMemory } from '../read/in-memory.ts'
import { awsAuthorizationDetails } from './index.ts'
import { importers } from '../registry.ts'
import { matchesGlob } from '../read/aws/policy-document.ts'

const fixture = readFileSync(new URL('./fixtures/account.json', import.meta.url), 'utf8')
const read = (text: string) =>
  collect(runImporters([rawFile('account.json', text)], { importers: [awsAuthorizationDetails] }))
const readAny = (text: string) => collect(runImporters([rawFile('account.json', text)], { importers }))
const found = await read(fixture)
const { entities, relationships } = found.facts
const from = (id: string, kind: string) => relationships.filter((one) => one.from === id && one.kind === kind)
const to = (id: string, kind: string) => relationships.filter((one) => one.to === id && one.kind === kind)
const entity = (id: string) => entities.find((one) => one.id === id)

const user = 'arn:aws:iam::111122223333:user/ci/deploy-bot'
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`

describe('AWS account authorization details', () => {
  it('accounts for every record and skips a starred-out user', () => {
    const [file] = found.files
    expect(file).toMatchObject({ read: 7, mapped: 6, merged: 0 })
    expect(file!.skipped).toEqual([{ reason: 'masked-identifier', count: 1, where: ['/UserDetailList/1'] }])
    expect(entities.some((one) => one.id.includes('***'))).toBe(false)
  })

  it('lets no description, policy text, external id or unlisted tag through', () => {
    expect(fixture).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('keeps who a user is, owns and belongs to', () => {
    expect(entity(user)).toMatchObject({
      kind: 'aws.iam_user',
      name: 'deploy-bot',
      props: { owner: 'payments', system: 'checkout' },
    })
    expect(from(user, 'OWNED_BY').map((one) => one.to)).toEqual([keys.team('payments')])
    expect(from(user, 'MEMBER_OF').map((one) => one.to)).toEqual(['arn:aws:iam::111122223333:group/deployers'])
  })

  it('says who may assume a role, as a permission that carries no breakage', () => {
    const trusted = to(role('deployer'), 'ASSUMES')
    expect(trusted.every((one) => one.confidence === 'none')).toBe(true)
    const provider = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'
    expect(trusted.map((one) => one.from).sort()).toEqual(
      [
        keys.awsPrincipalsOf('111122223333'),
        keys.awsPrincipalsOf('444455556666'),
        keys.awsFederated(provider, 'repo:acme/shop:ref:refs/heads/main'),
        keys.awsFederated(provider, 'repo:acme/infra:*'),
        // The group's policy allows it, and the role trusts its own account.
        'arn:aws:iam::111122223333:group/deployers',
      ].sort(),
    )
    const foreign = trusted.find((one) => one.from === keys.awsPrincipalsOf('444455556666'))
    expect(foreign?.props).toEqual({ conditions: ['sts:ExternalId'] })
  })

  it('does not count a permission to assume that the role does not return', () => {
    expect(to(role('batch'), 'ASSUMES').map((one) => one.from)).not.toContain(
      'arn:aws:iam::111122223333:group/deployers',
    )
  })

  it('reads the default version of a policy only', () => {
    expect(to(role('open'), 'ASSUMES').map((one) => one.from)).toEqual([keys.awsAnyone()])
  })

  it('shows a role that anyone may assume', () => {
    expect(entity(role('open'))?.props?.assumableByAnyone).toBe(true)
    expect(entity(role('deployer'))?.props?.assumableByAnyone).toBeUndefined()
    expect(entity(keys.awsAnyone())).toMatchObject({ kind: 'aws.external_principal', name: 'anyone' })
  })

  it('reads a trust that is URL-encoded, and an instance profile that needs its role', () => {
    expect(to(role('batch'), 'ASSUMES').map((one) => one.from)).toContain(keys.awsServicePrincipal('ec2.amazonaws.com'))
    const profile = 'arn:aws:iam::111122223333:instance-profile/batch'
    expect(from(profile, 'DEPENDS_ON').map((one) => one.to)).toEqual([role('batch')])
  })

  it('links a permission on one secret, and none on a pattern', () => {
    expect(from(user, 'CAN_ACCESS').map((one) => [one.to, one.confidence])).toEqual([
      ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/stripe', 'none'],
    ])
  })

  it('keeps boundary and last use of a role', () => {
    expect(entity(role('deployer'))?.props).toMatchObject({
      permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
      lastUsedAt: '2024-05-01T10:00:00Z',
      lastUsedRegion: 'eu-west-1',
      maxSessionSeconds: 7200,
    })
  })
})

interface Mutable {
  UserDetailList: unknown[]
  GroupDetailList: { AttachedManagedPolicies: unknown[] }[]
  Policies?: unknown[]
  IsTruncated?: boolean
}

describe('is the account whole?', () => {
  const whole = (): Mutable => {
    const account = JSON.parse(fixture) as Mutable
    account.UserDetailList.pop()
    account.GroupDetailList[0]!.AttachedManagedPolicies.pop()
    return account
  }
  const complete = async (account: Mutable) => (await read(JSON.stringify(account))).scopes[0]!.scope.complete

  it('is where its lists close over each other', async () => expect(await complete(whole())).toBe(true))
  it('is not while a group attaches a policy the file lacks', async () => {
    expect(found.scopes[0]!.scope.complete).toBe(false)
    expect(found.files[0]!.notes.join()).toContain(
      'group deployers attaches the policy ReadOnlyAccess, which the file lacks',
    )
  })
  it('is not on one page of several', async () => {
    for (const more of [{ IsTruncated: true }, { Marker: 'AAAA' }, { NextToken: 'AAAA' }])
      expect(await complete({ ...whole(), ...more })).toBe(false)
  })
  it('is read where lists that nothing is in are null, as a program in Go writes them', async () => {
    const account = whole()
    const nothingIn = { UserPolicyList: null, GroupList: null, AttachedManagedPolicies: null, Tags: null }
    const users = account.UserDetailList.map((user) => ({ ...(user as object), ...nothingIn }))
    const given = await read(JSON.stringify({ ...account, UserDetailList: users, GroupDetailList: null }))
    expect(given.files[0]!.skipped).toEqual([])
    expect(given.facts.entities.some(({ kind }) => kind === 'aws.iam_user')).toBe(true)
    expect(given.facts.entities.some(({ kind }) => kind === 'aws.iam_role')).toBe(true)
  })
  it('is not without one of the lists', async () => {
    const account = whole()
    delete account.Policies
    expect(await complete(account)).toBe(false)
  })
  it('is not where a policy is attached to somebody who is not listed', async () => {
    expect(await complete({ ...whole(), GroupDetailList: [] })).toBe(false)
  })
})

describe('an account in several replies', () => {
  const member = { UserName: 'ann', Arn: 'arn:aws:iam::111122223333:user/ann', GroupList: ['dev'] }
  const group = { GroupName: 'dev', Arn: 'arn:aws:iam::111122223333:group/dev' }
  const service = { RoleName: 'svc', Arn: 'arn:aws:iam::111122223333:role/svc' }
  const policy = { PolicyName: 'ReadOnlyAccess', Arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }
  const none = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] }
  const pages = [
    { ...none, UserDetailList: [member], IsTruncated: true, Marker: 'x' },
    { ...none, Policies: [policy], IsTruncated: true, Marker: 'y' },
    { ...none, GroupDetailList: [group], RoleDetailList: [service], IsTruncated: false },
  ]
  const together = (found: Awaited<ReturnType<typeof read>>) => {
    const accounted = found.files.map(({ read: met, mapped }) => ({ met, mapped }))
    expect(accounted.reduce((all, { met, mapped }) => all + (met === mapped ? met : NaN), 0)).toBe(4)
    expect(found.facts.relationships.filter(({ kind }) => kind === 'MEMBER_OF').map(({ to }) => to)).toEqual([
      group.Arn,
    ])
    expect(found.scopes.map(({ scope }) => [scope.id, scope.complete])).toEqual([['aws/111122223333', false]])
  }

  it('is one account where each page is a file', async () => {
    const files = pages.map((page, at) => rawFile(`page-${at}.json`, JSON.stringify(page)))
    together(await collect(runImporters(files, { importers })))
  })
  it('is one account where the pages are a list', async () => together(await readAny(JSON.stringify(pages))))
  it('is one account where the pages follow each other', async () =>
    together(await readAny(pages.map((page) => JSON.stringify(page, null, 2)).join('\n'))))
  it('says which file a member is of', async () => {
    const files = pages.map((page, at) => rawFile(`page-${at}.json`, JSON.stringify(page)))
    const found = await collect(runImporters(files, { importers }))
    const told = found.facts.entities.find(({ id }) => id === group.Arn)
    expect(told?.evidence).toMatchObject([{ file: 'page-2.json', record: group.Arn }])
  })
  it('is not whole under --max-items, which says so by NextToken alone', async () => {
    const closed = { ...none, GroupDetailList: [group], RoleDetailList: [service], UserDetailList: [member] }
    const complete = async (account: object) =>
      (await readAny(JSON.stringify(account))).scopes.map(({ scope }) => scope.complete)
    expect(await complete(closed)).toEqual([true])
    expect(await complete({ ...closed, NextToken: 'eyJ' })).toEqual([false])
    expect(await complete({ ...closed, Marker: 'x' })).toEqual([false])
  })
  it('takes null for a list that nothing is in, as programs in Go write it', async () => {
    const user = { ...member, GroupList: null, AttachedManagedPolicies: null, UserPolicyList: null, Tags: null }
    const { files, facts } = await readAny(
      JSON.stringify({ UserDetailList: [user], GroupDetailList: null, Policies: null }),
    )
    expect(files[0]).toMatchObject({ importer: 'aws-authorization-details', read: 1, mapped: 1 })
    expect(facts.entities.some(({ id }) => id === member.Arn)).toBe(true)
  })
})

describe('what is no account', () => {
  it('does not call an account empty that stands deeper in the document', async () => {
    const { files } = await readAny(JSON.stringify({ details: JSON.parse(fixture) as unknown }))
    expect(files[0]!.skipped.map(({ reason }) => reason)).toEqual(['unreadable-record'])
  })
  it('refuses a list of policies, with the reason', async () => {
    const list = [{ PolicyName: 'x', AttachedToPrincipal: 'y', PolicyDocument: {} }]
    const { files, facts } = await read(JSON.stringify(list))
    expect(files[0]!.skipped).toEqual([{ reason: 'unreadable-record', count: 1, where: ['/'] }])
    expect(files[0]!.notes[0]).toContain('not an account')
    expect(facts.entities).toEqual([])
  })
  it('refuses what is cut', async () => {
    const { files, facts } = await read(fixture.slice(0, 2000))
    expect(files[0]!.skipped.map(({ reason }) => reason)).toEqual(['not-json'])
    expect(facts.entities).toEqual([])
  })
  test.prop([fc.nat(), fc.constantFrom('', '0', '"', '{', ']', 'null')])(
    'survives a change at any place',
    async (seed, put) => {
      const at = seed % fixture.length
      const { files } = await read(fixture.slice(0, at) + put + fixture.slice(at + 1))
      expect(files[0]!.error).toBeUndefined()
    },
  )
})

describe('wildcards', () => {
  test.prop([
    fc.string({ unit: fc.constantFrom(...'ab?*'), maxLength: 8 }),
    fc.string({ unit: fc.constantFrom(...'ab'), maxLength: 8 }),
  ])('match as a regular expression of the same meaning does', (pattern, text) => {
    const meaning = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
    expect(matchesGlob(pattern, text)).toBe(meaning.test(text))
  })

  it('names the permission set behind a role of IAM Identity Center, and takes its usual audience for granted', async () => {
    const arn =
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ReadOnly_0123456789abcdef'
    const provider = 'arn:aws:iam::111122223333:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE'
    const condition = { StringEquals: { 'SAML:aud': 'https://eu-west-1.signin.aws.amazon.com/saml' } }
    const statement = { Effect: 'Allow', Principal: { Federated: provider }, Action: 'sts:AssumeRoleWithSAML' }
    const role = {
      ...{ RoleName: arn.slice(arn.lastIndexOf('/') + 1), Arn: arn, RoleId: 'AROAEXAMPLESSO000001' },
      AssumeRolePolicyDocument: { Statement: [{ ...statement, Condition: condition }] },
    }
    const found = await runInMemory(awsAuthorizationDetails, {
      'a.json': JSON.stringify({ UserDetailList: [], GroupDetailList: [], RoleDetailList: [role], Policies: [] }),
    })
    const told = found.entities.find(({ id }) => id === arn)!
    expect(told.props).toMatchObject({ permissionSet: 'ReadOnly' })
    expect(told.aliases).toContain('ReadOnly')
    const trust = found.relationships.find(({ kind, to }) => kind === 'ASSUMES' && to === arn)!
    expect(trust.from).toBe(keys.awsFederated(provider, '*'))
    expect(trust.props).toBeUndefined()
  })
})
