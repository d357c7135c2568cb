import { fc, test } from '@fast-check/vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildEstate, type EstateScope } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import { startMerge } from '../../graph/merge.ts'
import { awsAuthorizationDetails } from '../aws-authorization-details/index.ts'
import { runInMemory, unaccounted, type Outcome } from '../read/in-memory.ts'
import { awsOrganizations } from './index.ts'

const folder = new URL('./fixtures/', import.meta.url)
const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]))
const found = await runInMemory(awsOrganizations, files)
const propsOf = (id: string) => found.entities.find((one) => one.id === id)?.props
const contained = (id: string) => found.relationships.find(({ from }) => from === id)?.to

const account = keys.awsAccount('111122223333')
const unit = keys.awsOrganizationalUnit('ou-ab12-workload1')
const arn = (id: string) => `arn:aws:organizations::444455556666:policy/o-exampleorg1/service_control_policy/${id}`
const fullAccess = 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess'

describe('AWS Organizations', () => {
  it('claims every reply and accounts for every record', () => {
    expect(found.claimed.sort()).toEqual(Object.keys(files).sort())
    expect(unaccounted(found)).toEqual([])
    expect(found.files.flatMap(({ skipped }) => skipped.map(({ reason, where }) => [reason, where]))).toEqual([
      ['masked-identifier', 'byte 531/Accounts/2'],
      ['not-relevant', 'byte 0/Policies/2'],
    ])
  })

  it('lets no address, description or action that is not watched through', () => {
    expect(JSON.stringify(files)).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('nests accounts in units, units in the root, the root in the organization', () => {
    expect([account, unit, keys.awsOrganizationalUnit('r-ab12')].map(contained)).toEqual([
      unit,
      keys.awsOrganizationalUnit('r-ab12'),
      keys.awsOrganization('o-exampleorg1'),
    ])
    expect(propsOf(keys.awsOrganization('o-exampleorg1'))).toMatchObject({ managementAccount: '444455556666' })
    expect(found.entities.find(({ id }) => id === account)).toMatchObject({ aliases: ['shop-production'] })
  })

  it('knows which policies stand over what, with the file named after the policy or its id added', () => {
    expect(propsOf(unit)!['organizationPolicies']).toEqual([arn('p-guard00001'), fullAccess])
    expect(propsOf(account)!['organizationPolicies']).toEqual([fullAccess])
    expect(propsOf(arn('p-guard00001'))).toMatchObject({ policyType: 'SERVICE_CONTROL_POLICY' })
    expect(found.scopes).toMatchObject([{ id: 'aws-organization/o-exampleorg1', complete: true }])
  })

  it('is not whole without the text of a policy, its targets, a parent, or with a page missing', async () => {
    const without = async (change: (texts: Record<string, string>) => void): Promise<boolean> => {
      const texts = { ...files }
      change(texts)
      return (await runInMemory(awsOrganizations, texts)).scopes[0]!.complete
    }
    expect(await without((texts) => delete texts['targets.json'])).toBe(false)
    expect(await without((texts) => delete texts['list-parents__111122223333.json'])).toBe(false)
    expect(await without((texts) => delete texts['organization.json'])).toBe(false)
    const cut = (texts: Record<string, string>) => (texts['policies.json'] = texts['policies.json']!.split('\n')[0]!)
    expect(await without(cut)).toBe(false)
    const paged = (texts: Record<string, string>) =>
      (texts['targets.json'] = texts['targets.json']!.replace('"PolicyId"', '"NextToken": "x", "PolicyId"'))
    expect(await without(paged)).toBe(false)
  })

  it('says what to call a file whose reply does not say what it is about', async () => {
    const lost = await runInMemory(awsOrganizations, {
      'parents.json': files['list-parents__111122223333.json']!,
      'targets.json': files['list-targets-for-policy__p-FullAWSAccess.json']!,
    })
    expect(new Set(lost.files.flatMap(({ skipped }) => skipped.map(({ reason }) => reason)))).toEqual(
      new Set(['missing-identifier']),
    )
    expect(lost.files[0]!.notes[0]).toContain('list-parents__')
  })

  test.prop([fc.constantFrom(...Object.keys(files)), fc.nat(), fc.constantFrom('', '0', '"', '{', ']', 'null')])(
    'survives a change at any place',
    async (name, seed, put) => {
      const text = files[name]!
      const at = seed % text.length
      const outcome = await runInMemory(awsOrganizations, { [name]: text.slice(0, at) + put + text.slice(at + 1) })
      expect(unaccounted(outcome)).toEqual([])
    },
  )
})

const scopeOf = (importer: string, { entities, relationships }: Outcome): EstateScope => {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  return {
    scope: importer,
    title: importer,
    importer,
    importerTitle: importer,
    nature: 'snapshot',
    complete: true,
    at: '2026-11-20T04:00:00Z',
    files: [],
    blindTo: [],
    facts: merge.finish(),
  }
}

describe('the organization over an account', () => {
  it('takes away what it denies, from all but whom it excepts', async () => {
    const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf'
    const role = (name: string) => ({
      RoleName: name,
      Arn: `arn:aws:iam::111122223333:role/${name}`,
      AssumeRolePolicyDocument: {
        Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
      },
      RolePolicyList: [
        {
          PolicyName: 'read',
          PolicyDocument: { Statement: { Effect: 'Allow', Action: 'secretsmanager:*', Resource: secret } },
        },
      ],
    })
    const details = await runInMemory(awsAuthorizationDetails, {
      'account.json': JSON.stringify({ UserDetailList: [], RoleDetailList: [role('reader'), role('app')] }),
    })
    const readersIn = (...scopes: EstateScope[]) =>
      buildEstate(scopes, { id: 'x', at: null, sample: false })
        .relationships.filter(({ kind, to }) => kind === 'CAN_ACCESS' && to === idOf(secret))
        .map(({ from, props }) => [from, props?.['verdict'], props?.['conditions']])
    const own = scopeOf('aws-authorization-details', details)
    const unseen = ['service control policies not seen']
    expect(readersIn(own).map(([, ...rest]) => rest)).toEqual([
      ['possible', unseen],
      ['possible', unseen],
    ])
    const after = readersIn(own, scopeOf('aws-organizations', found))
    expect(after).toEqual([[idOf('arn:aws:iam::111122223333:role/reader'), 'allowed', undefined]])
  })
})
