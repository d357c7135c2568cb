import { describe, expect, it } from 'vitest'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import { keys } from '../keys.ts'
import {
  HERE,
  allow,
  arn,
  deny,
  edge,
  estateOf,
  free,
  trust,
  verdictOf,
  type Account,
  type Doc,
} from './account.test-data.ts'
import { escalations } from './escalations.ts'

const user = arn('user/deploy')
const role = arn('role/app')
const admin = arn('role/admin')
const account = keys.awsAccount(HERE)
const organization = free()

/** One principal with these policies beside a user, a role that trusts every service named, a group and workloads. */
function estateWith(policies: readonly Doc[], principal: object = {}, more: Partial<Account> = {}) {
  const services = [...new Set(escalations.flatMap(({ service }) => service ?? []))]
  return estateOf({
    principals: {
      [user]: { policies, ...principal },
      [arn('user/other')]: {},
      [arn('group/ops')]: { policies: [allow('ssm:PutParameter')] },
      [admin]: { trust: [trust({ Service: services }), trust({ AWS: arn('role/nobody') })] },
    },
    resources: {
      [`arn:aws:lambda:eu-west-1:${HERE}:function:orders`]: { kind: 'aws.lambda_function' },
      [`arn:aws:ec2:eu-west-1:${HERE}:instance/i-0`]: { kind: 'aws.ec2_instance' },
      [`arn:aws:ecs:eu-west-1:${HERE}:service/main/web`]: { kind: 'aws.ecs_service' },
      [`arn:aws:codebuild:eu-west-1:${HERE}:project/site`]: { kind: 'aws.codebuild_project' },
      [arn('saml-provider/idp')]: { kind: 'aws.identity_provider_or_trust_anchor' },
    },
    organization,
    ...more,
  })
}

const waysOf = (estate: ReturnType<typeof estateWith>, from = user): Map<string, readonly string[]> =>
  new Map(
    estate.relationships
      .filter((one) => one.kind === 'CAN_ESCALATE_TO' && estate.entities[estate.indexOf.get(one.from)!]!.key === from)
      .map((one) => [estate.entities[estate.indexOf.get(one.to)!]!.key, one.props?.['ways'] as readonly string[]]),
  )

describe('a way of privilege escalation', () => {
  const needing = escalations.filter(
    ({ id }) => !['extend-assumable-role', 'put-role-policy', 'attach-role-policy'].includes(id),
  )
  it.each(needing.map((row) => [row.id, row] as const))('%s is found with exactly its actions', (_, row) => {
    const lists = [row.on, ...(row.with ?? [])].map((actions) => [actions[0]!])
    const policies = lists.map((actions) => allow(actions))
    const own = { managed: { 'has-it': [] }, groups: [arn('group/ops')] }
    const found = [...waysOf(estateWith(policies, own)).values()].flat()
    expect(found).toContain(row.id)
  })
  it.each(needing.map((row) => [row.id, row] as const))('%s is not, with any one of them missing', (_, row) => {
    const lists = [row.on, ...(row.with ?? [])]
    const own = { managed: { 'has-it': [] }, groups: [arn('group/ops')] }
    for (const missing of lists) {
      const policies = [...lists.map((actions) => allow([...actions])), deny([...missing])]
      const found = [...waysOf(estateWith(policies, own)).values()].flat()
      expect(found).not.toContain(row.id)
    }
  })

  it('carries compromise and never an outage', () => {
    expect(relationshipKinds.CAN_ESCALATE_TO).toMatchObject({ breaks: 'no', reaches: 'along' })
  })

  it('names what it is composed of, with the policies, and was deduced', () => {
    const estate = estateWith([allow('iam:PassRole', admin), allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])])
    const found = edge(estate, 'CAN_ESCALATE_TO', user, admin)!
    expect(found.props).toMatchObject({ ways: ['pass-role-lambda'], verdict: 'allowed' })
    expect(found.props!['reasons']).toEqual([
      'may run a new Lambda function as it: iam:PassRole (p0), lambda:CreateFunction (p1), lambda:InvokeFunction (p1)',
    ])
    expect(found.evidence!.map(({ kind, file }) => [kind, file])).toEqual(Array(3).fill(['inferred', 'account.json']))
  })

  it('passes only roles that trust the service, and that may be passed to it', () => {
    const create = allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])
    const only = (service: string) => ({ Condition: { StringEquals: { 'iam:PassedToService': service } } })
    const ec2Role = { [arn('role/ec2')]: { trust: [trust({ Service: 'ec2.amazonaws.com' })] } }
    const found = (more: Doc) =>
      waysOf(
        estateOf({
          principals: {
            [user]: { policies: [create, allow('iam:PassRole', '*', more)] },
            ...ec2Role,
            [admin]: { trust: [trust({ Service: 'lambda.amazonaws.com' })] },
          },
          organization,
        }),
      )
    expect([...found({}).keys()]).toEqual([admin])
    expect([...found(only('lambda.amazonaws.com')).keys()]).toEqual([admin])
    expect([...found(only('ec2.amazonaws.com')).keys()]).toEqual([])
  })

  it('to the whole account is said once, instead of everything in it', () => {
    const estate = estateWith([allow('*')])
    expect([...waysOf(estate).keys()]).toEqual([account])
    expect(waysOf(estate).get(account)).toContain('put-user-policy')
    expect(verdictOf(estate, 'ASSUMES', user, admin)).toBe('no')
  })

  it('by giving itself more ends at its boundary, which does not hide it', () => {
    const found = edge(estateWith([allow('iam:*')], { boundary: [allow('*')] }), 'CAN_ESCALATE_TO', user, account)
    expect(found?.props?.['conditions']).toBeUndefined() // It may still make another user without one.
    const self = edge(
      estateWith([allow('iam:PutUserPolicy')], { boundary: [allow('*')] }),
      'CAN_ESCALATE_TO',
      user,
      account,
    )
    expect(self?.props).toMatchObject({ verdict: 'possible', conditions: ['only up to its permissions boundary'] })
    expect(waysOf(estateWith([allow('iam:PutUserPolicy')], { boundary: [allow('s3:*')] })).size).toBe(0)
  })

  it('over a role that it may assume and extend', () => {
    const extend = allow(['iam:AttachRolePolicy', 'sts:AssumeRole'])
    const of = (trusted: readonly Doc[]) =>
      waysOf(estateOf({ principals: { [user]: { policies: [extend] }, [role]: { trust: trusted } }, organization }))
    expect(of([trust({ AWS: HERE })]).get(account)).toEqual(['extend-assumable-role'])
    expect(of([trust({ Service: 'ec2.amazonaws.com' })]).size).toBe(0)
  })

  it('of a role on itself', () => {
    const estate = estateOf({
      principals: {
        [role]: { policies: [allow('iam:PutRolePolicy', role)], trust: [trust({ Service: 'ec2.amazonaws.com' })] },
      },
      organization,
    })
    expect(waysOf(estate, role).get(account)).toEqual(['put-role-policy'])
  })

  it('that takes another state of the thing says which', () => {
    const found = edge(estateWith([allow('iam:CreateLoginProfile')]), 'CAN_ESCALATE_TO', user, arn('user/other'))
    expect(found?.props).toMatchObject({ verdict: 'possible', conditions: ['it has no console password yet'] })
  })

  it('takes no role that is linked to a service', () => {
    const linked = arn('role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS')
    const estate = estateOf({
      principals: {
        [user]: { policies: [allow('iam:UpdateAssumeRolePolicy')] },
        [linked]: { trust: [trust({ Service: 'ecs.amazonaws.com' })], props: { serviceLinked: true } },
        [role]: { trust: [trust({ Service: 'ec2.amazonaws.com' })] },
      },
      organization,
    })
    expect([...waysOf(estate).keys()]).toEqual([role])
  })
})

describe('who may change a credential without reading it', () => {
  it('is told apart, and carries no compromise', () => {
    const other = arn('user/other')
    const estate = estateWith([allow(['iam:UpdateAccessKey', 'iam:DeleteAccessKey'], other)])
    expect(verdictOf(estate, 'CAN_MANAGE', user, other)).toBe('allowed')
    expect(waysOf(estate).size).toBe(0)
    expect(relationshipKinds.CAN_MANAGE).toMatchObject({ breaks: 'no', reaches: 'no' })
  })
})

describe('permissions on many things', () => {
  const secretsOf = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `arn:aws:secretsmanager:eu-west-1:${HERE}:secret:app${at % 10}/s${at}-AbCdEf`,
        { kind: 'aws.secretsmanager_secret' as const },
      ]),
    )
  it('go over one set that all who have them share, with its things counted', () => {
    const readers = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [
        arn(`role/reader${at}`),
        { policies: [allow('secretsmanager:GetSecretValue')] },
      ]),
    )
    const estate = estateOf({ principals: readers, resources: secretsOf(100), organization })
    const access = estate.relationships.filter(({ kind }) => kind === 'CAN_ACCESS')
    expect(access.length).toBe(50 + 100)
    const sets = estate.entities.filter(({ kind }) => kind === 'aws.resource_set')
    expect(sets.map(({ name }) => name)).toEqual([`all 100 secrets of account ${HERE}`])
    const things = Object.keys(secretsOf(100))
    for (const thing of things) expect(verdictOf(estate, 'CAN_ACCESS', arn('role/reader7'), thing)).toBe('allowed')
  })
  it('leave out of the set what one denial takes away', () => {
    const resources = secretsOf(20)
    const [first, ...others] = Object.keys(resources)
    const policies = [allow('secretsmanager:GetSecretValue'), deny('secretsmanager:*', first)]
    const estate = estateOf({ principals: { [user]: { policies } }, resources, organization })
    expect(verdictOf(estate, 'CAN_ACCESS', user, first!)).toBe('no')
    for (const thing of others) expect(verdictOf(estate, 'CAN_ACCESS', user, thing)).toBe('allowed')
    const pattern = [allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:*:${HERE}:secret:app3/*`)]
    const some = estateOf({ principals: { [user]: { policies: pattern } }, resources, organization })
    for (const thing of Object.keys(resources))
      expect(verdictOf(some, 'CAN_ACCESS', user, thing)).toBe(thing.includes(':app3/') ? 'allowed' : 'no')
  })
})
