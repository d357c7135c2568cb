import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import { startMerge } from '../merge.ts'
import { admits, withOidcTrust } from './oidc-trust.ts'

const provider = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com'
const role = 'arn:aws:iam::111122223333:role/deploy'
const job = keys.githubJob('acme/shop', 'deploy.yml', 'deploy')

function estate(subject: string, props: EntityFact['props']) {
  const merge = startMerge()
  const from = keys.awsFederated(provider, subject)
  const entities: EntityFact[] = [
    { id: from, kind: 'aws.federated_principal', props: { provider, subject } },
    { id: role, kind: 'aws.iam_role' },
    { id: keys.githubRepository('acme/shop'), kind: 'github.repository', name: 'Acme/shop' },
    { id: keys.githubRepository('acme/till'), kind: 'github.repository', name: 'acme/till' },
    { id: job, kind: 'github.job', ...(props && { props }) },
  ]
  const relationships: RelationshipFact[] = [
    { kind: 'ASSUMES', from, to: role, confidence: 'none' },
    { kind: 'RUNS_AS', from: job, to: role, evidence: [{ source: 'github-workflows', kind: 'declared' }] },
  ]
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  const found = [...withOidcTrust(merge.finish()).relationships.values()]
  const trust = idOf(`ASSUMES ${from} > ${role}`)
  return {
    use: found.find(({ kind }) => kind === 'RUNS_AS')!,
    trust,
    homes: found.filter(({ kind }) => kind === 'DEFINED_IN').map(({ to }) => to),
  }
}

describe('a job and the trust of its role', () => {
  it.each([
    ['repo:acme/shop:environment:production', { environment: 'production' }],
    ['repo:acme/shop:ref:refs/heads/main', { triggers: ['push'] }],
    ['repo:acme/*', { triggers: ['schedule'] }],
    ['repo:acme/shop:pull_request', { triggers: ['pull_request'] }],
    ['*', { triggers: ['push'] }],
  ])('%s admits it, and the use runs over the trust', (subject, props) => {
    const { use, trust } = estate(subject, props)
    expect(use.via).toEqual([trust])
    expect(use.confidence).toBeUndefined()
  })

  it.each([
    ['repo:acme/shop:environment:production', { triggers: ['push'] }],
    ['repo:acme/shop:ref:refs/heads/main', { environment: 'staging' }],
    ['repo:acme/till:*', { triggers: ['push'] }],
  ])('%s does not', (subject, props) => {
    const { use } = estate(subject, props)
    expect(use).toMatchObject({ confidence: 'possible', props: { trustAdmits: false } })
    expect(use.via).toBeUndefined()
  })

  it.each([
    ['entra.service_principal', 'entra:app:0000', 'repo:acme/shop:environment:production', true],
    ['entra.service_principal', 'entra:app:0000', 'repo:acme/shop:environment:staging', false],
    ['gcp.service_account', 'gcp:sa:deploy@shop.iam.gserviceaccount.com', 'repo:acme/shop:*', true],
    ['gcp.service_account', 'gcp:sa:deploy@shop.iam.gserviceaccount.com', 'repo:acme/till:*', false],
  ] as const)('the same of a %s (%s) that trusts %s', (kind, id, subject, isAdmitted) => {
    const merge = startMerge()
    const from = `tfstate:a#${subject}`
    const issuer = 'https://token.actions.githubusercontent.com'
    merge.entity({ id: from, kind: 'generic.identity', props: { issuer, subject } })
    merge.entity({ id, kind })
    merge.entity({ id: keys.githubRepository('acme/shop'), kind: 'github.repository', name: 'acme/shop' })
    merge.entity({ id: job, kind: 'github.job', props: { environment: 'production' } })
    merge.relationship({ kind: 'ASSUMES', from, to: id, confidence: 'none' })
    merge.relationship({ kind: 'RUNS_AS', from: job, to: id })
    const found = [...withOidcTrust(merge.finish()).relationships.values()]
    const use = found.find(({ kind }) => kind === 'RUNS_AS')!
    if (isAdmitted) expect(use.via).toEqual([idOf(`ASSUMES ${from} > ${id}`)])
    else expect(use).toMatchObject({ confidence: 'possible', props: { trustAdmits: false } })
  })

  it('whoever has a repository can have the subjects of its jobs', () => {
    expect(estate('repo:acme/shop:*', {}).homes).toEqual([idOf(keys.githubRepository('acme/shop'))])
    expect(estate('repo:acme/*:ref:refs/heads/main', {}).homes).toHaveLength(2)
    expect(estate('repo:other/*', {}).homes).toEqual([])
  })

  it('patterns are matched in one pass, whatever stands in them', () => {
    expect(admits('*'.repeat(1_000), { text: 'a'.repeat(1_000), isOpen: false })).toBe(true)
    expect(admits(`${'*a'.repeat(400)}b`, { text: 'a'.repeat(1_000), isOpen: false })).toBe(false)
    expect(admits('repo:a?me/shop', { text: 'repo:acme/shop', isOpen: false })).toBe(true)
  })
})
