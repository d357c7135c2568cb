import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { secretLike } from './secret-like.ts'

// Put together here, so that no scanner of this repository takes a made-up value for a leak.
const filler = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
const secrets = [
  `ghp_${filler}`,
  `github_pat_${filler}`,
  `glpat-${filler.slice(0, 20)}`,
  `xoxb-${filler}`,
  `hvs.${filler}`,
  `sk_live_${filler}`,
  `AIza${filler}`,
  `eyJhbGciOi.eyJzdWIiOi.${filler}`,
  '-----BEGIN PRIVATE KEY-----\nMIIE',
  `wJalrXUtnFEMI/K7MDENG/bPxRfiCY${'EXAMPLEKEY'}`,
  'postgres://billing:hunter2hunter2@db.example.test/ledger',
  `token=${filler}`,
  `the key is ${filler}, thanks`,
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'Xk9#mP2$vL5@nQ8!wR3%tY6^uI1&oE4*',
]
const names = [
  'AKIA7QEXAMPLE0000QK7',
  'ASIA7QEXAMPLE0000QK7',
  'arn:aws:iam::123456789012:role/service-role/billing-export-prod-execution',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/billing-AbC123',
  '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  'kv/data/prod/billing/export',
  'secret/data/team-payments/card-vault-sync/production',
  'billing/aws-creds',
  'system:serviceaccount:billing:card-vault-sync',
  'acme-corp/billing-export-service-production',
  'https://eu-west-1.console.aws.amazon.com/iam/home?region=eu-west-1#/users/details/svc-billing-export',
  'SHA256:uNiVztksCsDhcc0u9e8BrqkXVbDUVzcb1sV2tE1aJZo',
  'i-0abcd1234ef567890',
  'card-vault-sync',
  'Payments',
  'terraform-20260101120000000000000001',
  'k7f3a9b2c4d6e8a2',
]

describe('what looks like a secret stays in the browser', () => {
  it.each(secrets)('%s is kept back', (text) => {
    expect(secretLike(text)).not.toBeNull()
  })
  it.each(names)('%s is searched', (text) => {
    expect(secretLike(text)).toBeNull()
  })
  test.prop([fc.constantFrom(...secrets), fc.constantFrom(...names)])(
    'beside a name it is still seen',
    (secret, name) => {
      expect(secretLike(`${name} ${secret}`)).not.toBeNull()
      expect(secretLike(`${secret}\n${name}`)).not.toBeNull()
    },
  )
  test.prop([fc.string({ maxLength: 12 })])('what is short is never a secret', (text) => {
    expect(secretLike(text)).toBeNull()
  })
})
