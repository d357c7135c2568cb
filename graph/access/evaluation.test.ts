import { describe, expect, it } from 'vitest'
import {
  HERE,
  THERE,
  allow,
  arn,
  deny,
  edge,
  estateOf,
  free,
  keyArn,
  lets,
  secretArn,
  trust,
  verdictOf,
  type Account,
  type Doc,
} from './account.test-data.ts'
import { keys } from '../keys.ts'

const user = arn('user/deploy')
const role = arn('role/app')
const other = arn('role/other', THERE)
const db = secretArn('shop/db')
const read = 'secretsmanager:GetSecretValue'
const secret = { [db]: { kind: 'aws.secretsmanager_secret' as const } }
const unseenScp = 'service control policies not seen'

/** What the user may do with the secret. */
const reads = (policies: readonly Doc[], more: Partial<Account> = {}, principal: object = {}) =>
  verdictOf(
    estateOf({
      principals: { [user]: { policies, ...principal } },
      resources: secret,
      organization: free(HERE, THERE),
      ...more,
    }),
    'CAN_ACCESS',
    user,
    db,
  )

describe('an identity policy', () => {
  it('gives what it allows, by exact name, pattern, wildcard and in any case of the action', () => {
    expect(reads([allow(read, db)])).toBe('allowed')
    expect(reads([allow('SecretsManager:get*', `${db.slice(0, -6)}??????`)])).toBe('allowed')
    expect(reads([allow('*')])).toBe('no') // Everything is told of the account, not of each thing in it.
    expect(reads([allow(read, secretArn('shop/other'))])).toBe('no')
    expect(reads([allow('secretsmanager:DescribeSecret')])).toBe('no')
  })
  it('takes away what it denies, whatever allows it and in whatever order', () => {
    expect(reads([allow(read), deny('secretsmanager:*', db)])).toBe('no')
    expect(reads([deny('secretsmanager:*', db), allow(read)])).toBe('no')
    expect(reads([allow(read), deny(read, secretArn('shop/other'))])).toBe('allowed')
  })
  it('speaks of all but the actions and resources that it excludes', () => {
    const notAction = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }
    expect(reads([notAction, deny('sts:*')])).toBe('allowed')
    expect(reads([{ ...notAction, NotAction: ['secretsmanager:*', 'iam:*'] }])).toBe('no')
    expect(reads([{ Effect: 'Allow', Action: read, NotResource: db }])).toBe('no')
    expect(reads([{ Effect: 'Allow', Action: read, NotResource: secretArn('x') }])).toBe('allowed')
    expect(reads([allow(read), { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }])).toBe('no')
    expect(reads([allow(read), { Effect: 'Deny', Action: read, NotResource: db }])).toBe('allowed')
  })
  it('of a group counts for its members, and a denial of the member against it', () => {
    const group = arn('group/devs')
    const of = (policies: readonly Doc[]) =>
      estateOf({
        principals: { [user]: { policies, groups: [group] }, [group]: { policies: [allow(read)] } },
        resources: secret,
        organization: free(),
      })
    expect(verdictOf(of([]), 'CAN_ACCESS', user, db)).toBe('allowed')
    const denied = of([deny(read)])
    expect(verdictOf(denied, 'CAN_ACCESS', user, db)).toBe('no')
    expect(verdictOf(denied, 'CAN_ACCESS', group, db)).toBe('allowed')
    expect(edge(denied, 'MEMBER_OF', user, group)?.props).toEqual({ saidOfMember: true })
  })
  it('whose text no source shows may deny, and allows nothing that could be named', () => {
    expect(reads([allow(read)], {}, { unseen: ['arn:aws:iam::aws:policy/Custom'] })).toEqual([
      'not denied: policy Custom not seen',
    ])
    expect(reads([], {}, { unseen: ['arn:aws:iam::aws:policy/Custom'] })).toBe('no')
  })
})

describe('a boundary', () => {
  it('cuts what it does not allow, and gives nothing itself', () => {
    expect(reads([allow(read)], {}, { boundary: [allow('secretsmanager:*')] })).toBe('allowed')
    expect(reads([allow(read)], {}, { boundary: [allow('s3:*')] })).toBe('no')
    expect(reads([], {}, { boundary: [allow('*')] })).toBe('no')
    expect(reads([allow(read)], {}, { boundary: [allow('*'), deny(read, db)] })).toBe('no')
  })
  it('that no source shows makes nothing vanish and nothing certain', () => {
    expect(reads([allow(read)], {}, { boundary: 'unseen' })).toEqual(['permissions boundary not seen'])
  })
})

describe('a service control policy', () => {
  it('has to allow at each level, and denies at any', () => {
    const under = (...levels: readonly (readonly (readonly Doc[])[])[]) =>
      reads([allow(read)], { organization: { levels, accounts: [HERE] } })
    const all = [[allow('*')]]
    expect(under(all, all)).toBe('allowed')
    expect(under(all, [[allow('s3:*')]])).toBe('no')
    expect(under(all, [[allow('*')], [deny('secretsmanager:*')]])).toBe('no')
    expect(under([[allow('*')], [deny(read)]], all, all)).toBe('no')
    expect(under(all, [[allow('s3:*')], [allow('secretsmanager:*')]])).toBe('allowed')
  })
  it('is a condition where it was not seen, and none of the management account', () => {
    expect(
      verdictOf(
        estateOf({ principals: { [user]: { policies: [allow(read)] } }, resources: secret }),
        'CAN_ACCESS',
        user,
        db,
      ),
    ).toEqual([unseenScp])
    const levels = [[[allow('*')], [deny('*')]]]
    expect(reads([allow(read)], { organization: { levels, accounts: [HERE], management: HERE } })).toBe('allowed')
  })
  it('with an exception for a principal is decided for each principal', () => {
    const guard = deny('secretsmanager:*', '*', {
      Condition: { ArnNotLike: { 'aws:PrincipalArn': arn('user/deploy*', '*') } },
    })
    const organization = { levels: [[[allow('*')], [guard]]], accounts: [HERE] }
    expect(reads([allow(read)], { organization })).toBe('allowed')
    const estate = estateOf({ principals: { [role]: { policies: [allow(read)] } }, resources: secret, organization })
    expect(verdictOf(estate, 'CAN_ACCESS', role, db)).toBe('no')
  })
  it('of a region is decided by where a thing is', () => {
    const guard = (region: string) => ({
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': [region] } },
    })
    const within = (region: string) =>
      reads([allow(read)], { organization: { levels: [[[allow('*')], [guard(region)]]], accounts: [HERE] } })
    expect(within('eu-west-1')).toBe('allowed')
    expect(within('us-east-1')).toBe('no')
  })
  it('over resources denies what their own account allows', () => {
    const estate = estateOf({
      principals: { [user]: { policies: [allow(read)] } },
      resources: secret,
      organization: {
        levels: [[[deny(read, '*', { Principal: '*' })]]],
        accounts: [HERE],
        type: 'RESOURCE_CONTROL_POLICY',
      },
    })
    expect(verdictOf(estate, 'CAN_ACCESS', user, db)).toBe('no')
  })
})

describe('a condition', () => {
  const when = (Condition: Doc, principal: object = {}, more: Partial<Account> = {}) =>
    reads([allow(read, '*', { Condition })], more, principal)
  it('that the estate decides holds or does not', () => {
    expect(when({ StringEquals: { 'aws:PrincipalTag/team': 'shop' } }, { tags: { team: 'shop' } })).toBe('allowed')
    expect(when({ StringEquals: { 'aws:PrincipalTag/team': 'shop' } }, { tags: { team: 'mail' } })).toBe('no')
    expect(when({ StringEquals: { 'aws:PrincipalTag/team': 'shop' } }, { tags: {} })).toBe('no')
    expect(when({ StringLike: { 'aws:PrincipalArn': '*:user/dep*' } })).toBe('allowed')
    expect(when({ StringEquals: { 'aws:ResourceAccount': HERE } })).toBe('allowed')
    expect(when({ StringNotEquals: { 'aws:ResourceAccount': HERE } })).toBe('no')
    expect(when({ Bool: { 'aws:SecureTransport': 'true' } })).toBe('allowed')
    expect(when({ StringEquals: { 'aws:PrincipalOrgID': 'o-a' } })).toBe('allowed')
    expect(when({ Null: { 'aws:PrincipalTag/team': 'false' } }, { tags: { team: 'shop' } })).toBe('allowed')
  })
  it('on the tags of a thing is decided where they are known', () => {
    const tagged = { [db]: { kind: 'aws.secretsmanager_secret' as const, props: { team: 'shop' } } }
    const same = { StringEquals: { 'secretsmanager:ResourceTag/team': '${aws:PrincipalTag/team}' } }
    expect(when(same, { tags: { team: 'shop' } }, { resources: tagged })).toBe('allowed')
    expect(when(same, { tags: { team: 'mail' } }, { resources: tagged })).toBe('no')
    expect(when(same, { tags: { team: 'mail' } })).toEqual(['secretsmanager:ResourceTag/team'])
  })
  it('that nothing decides is carried, and never certain', () => {
    expect(when({ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } })).toEqual(['aws:SourceIp'])
    expect(when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })).toEqual(['aws:MultiFactorAuthPresent'])
    expect(when({ StringEquals: { 'aws:PrincipalTag/made-up': 'x' } })).toEqual(['aws:PrincipalTag/made-up'])
    expect(when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' }, StringLike: { 'aws:username': 'x*' } })).toBe('no')
  })
  it('of a denial leaves what is allowed, as possible', () => {
    const guard = deny('*', '*', { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } })
    expect(reads([allow(read), guard])).toEqual(['not denied: aws:MultiFactorAuthPresent'])
  })
  it('is not needed where another statement allows without it', () => {
    const conditional = allow(read, '*', { Condition: { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } } })
    expect(reads([conditional, allow(read, db)])).toBe('allowed')
  })
  it('puts the name of a user into what he may read', () => {
    expect(reads([allow(read, secretArn('shop/db').replace('shop/db-AbCdEf', '${aws:username}/*'))])).toBe('no')
    const own = secretArn('deploy/db')
    const estate = estateOf({
      principals: { [user]: { policies: [allow(read, own.replace('deploy/db-AbCdEf', '${aws:username}/*'))] } },
      resources: { [own]: { kind: 'aws.secretsmanager_secret' } },
      organization: free(),
    })
    expect(verdictOf(estate, 'CAN_ACCESS', user, own)).toBe('allowed')
  })
})

describe('the policy of the thing itself', () => {
  const across = (policy: readonly Doc[] | undefined, policies: readonly Doc[]) => {
    const foreign = secretArn('shop/db', THERE)
    const estate = estateOf({
      principals: { [user]: { policies } },
      resources: { [foreign]: { kind: 'aws.secretsmanager_secret', ...(policy && { policy }) } },
      organization: free(HERE, THERE),
    })
    return verdictOf(estate, 'CAN_ACCESS', user, foreign)
  }
  it('is enough in the same account, and takes away what it denies', () => {
    const owned = (policy: readonly Doc[], policies: readonly Doc[]) =>
      reads(policies, { resources: { [db]: { kind: 'aws.secretsmanager_secret', policy } } })
    expect(owned([lets({ AWS: user }, read)], [])).toBe('allowed')
    expect(owned([lets({ AWS: role }, read)], [])).toBe('no')
    expect(owned([{ ...lets('*', '*'), Effect: 'Deny' }], [allow(read)])).toBe('no')
    expect(owned([{ Effect: 'Deny', NotPrincipal: { AWS: [user] }, Action: '*', Resource: '*' }], [allow(read)])).toBe(
      'allowed',
    )
    expect(owned([{ Effect: 'Deny', NotPrincipal: { AWS: [role] }, Action: '*', Resource: '*' }], [allow(read)])).toBe(
      'no',
    )
  })
  it('and the identity both have to allow across accounts', () => {
    expect(across([lets({ AWS: user }, read)], [allow(read)])).toBe('allowed')
    expect(across([lets({ AWS: `arn:aws:iam::${HERE}:root` }, read)], [allow(read)])).toBe('allowed')
    expect(across([lets({ AWS: HERE }, read)], [])).toBe('no')
    expect(across([lets({ AWS: user }, read)], [])).toBe('no')
    expect(across([lets({ AWS: other }, read)], [allow(read)])).toBe('no')
    expect(across(undefined, [allow(read)])).toBe('no')
    expect(across(undefined, [allow(read, secretArn('shop/db', THERE))])).toEqual(['resource policy not seen'])
  })
  it('open to everybody is said once, of everybody', () => {
    const estate = estateOf({
      principals: { [user]: {} },
      resources: {
        [db]: {
          kind: 'aws.secretsmanager_secret',
          policy: [lets('*', read, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } } })],
        },
      },
      organization: free(),
    })
    expect(verdictOf(estate, 'CAN_ACCESS', keys.awsAnyone(), db)).toEqual(['aws:PrincipalOrgID'])
  })
})

describe('a key', () => {
  const key = keyArn('0aa0aa0a')
  const decrypts = (policy: readonly Doc[] | undefined, policies: readonly Doc[]) => {
    const estate = estateOf({
      principals: { [user]: { policies }, [role]: {} },
      resources: { [key]: { kind: 'aws.kms_key', ...(policy && { policy }) } },
      organization: free(),
    })
    return verdictOf(estate, 'CAN_ACCESS', user, key)
  }
  const root = lets({ AWS: `arn:aws:iam::${HERE}:root` }, 'kms:*')
  it('follows its own policy: without the account in it no identity policy counts', () => {
    expect(decrypts([root], [allow('kms:Decrypt')])).toBe('allowed')
    expect(decrypts([root], [])).toBe('no')
    expect(decrypts([lets({ AWS: role }, 'kms:*')], [allow('kms:*')])).toBe('no')
    expect(decrypts([lets({ AWS: user }, 'kms:Decrypt')], [])).toBe('allowed')
    expect(decrypts(undefined, [allow('kms:Decrypt')])).toEqual(['key policy not seen'])
  })
  it('has to let whoever reads a secret that it encrypts', () => {
    const through = (policy: readonly Doc[] | undefined, policies: readonly Doc[]) =>
      reads(policies, {
        resources: {
          [db]: { kind: 'aws.secretsmanager_secret', encryptedBy: key },
          [key]: { kind: 'aws.kms_key', ...(policy && { policy }) },
        },
      })
    expect(through([root], [allow([read, 'kms:Decrypt'])])).toBe('allowed')
    expect(through([root], [allow(read)])).toBe('no')
    const viaSecrets = { Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } } }
    expect(through([root], [allow(read), allow('kms:Decrypt', '*', viaSecrets)])).toBe('allowed')
    const viaOthers = { Condition: { StringEquals: { 'kms:ViaService': 'ssm.eu-west-1.amazonaws.com' } } }
    expect(through([root], [allow(read), allow('kms:Decrypt', '*', viaOthers)])).toBe('no')
    expect(through(undefined, [allow([read, 'kms:Decrypt'])])).toEqual(['key policy not seen'])
  })
  it('that AWS keeps lets its own account read', () => {
    const kept = keyArn('0bb0bb0b')
    const resources = {
      [db]: { kind: 'aws.secretsmanager_secret' as const, encryptedBy: kept },
      [kept]: { kind: 'aws.kms_key' as const, props: { managedBy: 'AWS' } },
    }
    expect(reads([allow(read)], { resources })).toBe('allowed')
  })
})

describe('who may assume a role', () => {
  const assumes = (trusted: readonly Doc[] | undefined, policies: readonly Doc[], principal: object = {}) => {
    const estate = estateOf({
      principals: { [user]: { policies, ...principal }, [role]: { ...(trusted && { trust: trusted }) } },
      organization: free(HERE, THERE),
    })
    return verdictOf(estate, 'ASSUMES', user, role)
  }
  const assume = allow('sts:AssumeRole')
  it('is whom its trust names, or whom its account lets', () => {
    expect(assumes([trust({ AWS: user })], [])).toBe('allowed')
    expect(assumes([trust({ AWS: `arn:aws:iam::${HERE}:root` })], [])).toBe('no')
    expect(assumes([trust({ AWS: HERE })], [assume])).toBe('allowed')
    expect(assumes([trust({ Service: 'ec2.amazonaws.com' })], [assume])).toBe('no')
    expect(assumes([trust({ AWS: user }), { ...trust({ AWS: user }), Effect: 'Deny' }], [assume])).toBe('no')
    expect(assumes([trust({ AWS: user })], [deny('sts:*')])).toBe('no')
    expect(assumes(undefined, [assume])).toEqual(['trust policy not seen'])
  })
  it('does not vanish behind a condition on MFA or an external id, whose value is not kept', () => {
    const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
    expect(assumes([trust({ AWS: HERE }, mfa)], [assume])).toEqual(['aws:MultiFactorAuthPresent'])
    const external = { Condition: { StringEquals: { 'sts:ExternalId': 'KEYFALL-CANARY' } } }
    expect(assumes([trust({ AWS: HERE }, external)], [assume])).toEqual(['sts:ExternalId'])
  })
  it('crosses accounts only where both sides agree', () => {
    const across = (policies: readonly Doc[], trusted: readonly Doc[]) =>
      verdictOf(
        estateOf({
          principals: { [other]: { policies }, [role]: { trust: trusted } },
          organization: free(HERE, THERE),
        }),
        'ASSUMES',
        other,
        role,
      )
    expect(across([assume], [trust({ AWS: THERE })])).toBe('allowed')
    expect(across([], [trust({ AWS: THERE })])).toBe('no')
    expect(across([], [trust({ AWS: other })])).toBe('no')
    expect(across([allow('sts:AssumeRole', role)], [trust({ AWS: other })])).toBe('allowed')
    expect(across([assume], [trust({ AWS: HERE })])).toBe('no')
    const inside = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } } }
    expect(across([assume], [trust('*', inside)])).toBe('allowed')
  })
})
