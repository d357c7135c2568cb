import { describe, expect, it } from 'vitest'
import { statementsFrom } from '../../graph/access/policy-text.ts'
import { keys } from '../../graph/keys.ts'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { awsResources } from './index.ts'

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`
const keyId = '0aa0aa0a-1111-2222-3333-444444444444'
const other = 'arn:aws:iam::444455556666:role/reader'
const policy = (action: string, resource: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'KEYFALL-CANARY', Effect: 'Allow', Principal: { AWS: other }, Action: action, Resource: resource },
      { Effect: 'Allow', Principal: '*', Action: 'KEYFALL:CANARY', Resource: resource },
    ],
  })
const secret = arn('secretsmanager', 'secret:shop/db-AbC123')
const queue = arn('sqs', 'orders')
const topic = arn('sns', 'alerts')

const files = {
  'secret.json': { ARN: secret, Name: 'shop/db', ResourcePolicy: policy('secretsmanager:GetSecretValue', '*') },
  'secret-without.json': { ARN: secret, Name: 'shop/db' },
  [`get-key-policy__${keyId}.json`]: { Policy: policy('kms:Decrypt', '*'), PolicyName: 'default' },
  'key.json': { KeyMetadata: { Arn: arn('kms', `key/${keyId}`), KeyId: keyId } },
  'key-of-nothing.json': { Policy: policy('kms:Decrypt', '*'), PolicyName: 'default' },
  'bucket.json': { Policy: policy('s3:GetObject', 'arn:aws:s3:::shop-exports/*'), Account: '111122223333' },
  'bucket-of-nobody.json': { Policy: policy('s3:GetObject', 'arn:aws:s3:::shop-exports/*') },
  'function.json': {
    Policy: policy('lambda:UpdateFunctionCode', `${arn('lambda', 'function:orders')}:live`),
    RevisionId: 'r',
  },
  'queue.json': { Attributes: { QueueArn: queue, Policy: policy('sqs:ReceiveMessage', queue), KmsMasterKeyId: keyId } },
  'topic.json': { Attributes: { TopicArn: topic, Policy: policy('sns:Subscribe', topic) } },
}
const found = await runInMemory(
  awsResources,
  Object.fromEntries(Object.entries(files).map(([name, reply]) => [name, JSON.stringify(reply)])),
)
const actionsOf = (id: string) => {
  const props = found.entities.find((one) => one.id === keys.awsResourcePolicy(id))?.props
  return statementsFrom(props?.['policyText'])?.map(({ actions, principals }) => [actions, principals])
}

describe('policies of things', () => {
  it.each([
    [secret, 'secretsmanager:GetSecretValue'],
    [arn('kms', `key/${keyId}`), 'kms:Decrypt'],
    ['arn:aws:s3:::shop-exports', 's3:GetObject'],
    [arn('lambda', 'function:orders'), 'lambda:UpdateFunctionCode'],
    [queue, 'sqs:ReceiveMessage'],
    [topic, 'sns:Subscribe'],
  ])('of %s are kept as far as they matter', (id, action) => {
    expect(actionsOf(id)).toEqual([[[action], [['AWS', other]]]])
  })

  it('that name neither key nor account are not taken, and a secret without one is no reply of ours', () => {
    expect(unaccounted(found)).toEqual([])
    expect(skippedOf(found, 'missing-identifier')).toBe(1) // The policy of some key.
    expect(found.claimed).not.toContain('bucket-of-nobody.json')
    expect(found.claimed).not.toContain('secret-without.json')
    expect(found.relationships).toContainEqual(
      expect.objectContaining({ kind: 'ENCRYPTED_BY', from: queue, to: arn('kms', `key/${keyId}`) }),
    )
  })

  it('leave no statement id or action that is not watched', () => {
    expect(JSON.stringify(files)).toContain('CANARY')
    expect(JSON.stringify(found)).not.toContain('CANARY')
  })
})
