import { describe, expect, it } from 'vitest'
import { buildEstate } from '../estate/build.ts'
import { startMerge } from '../merge.ts'
import { needsOf } from './needs.ts'

const KEY = 'aws:key:AKIAEXAMPLE000000002'
const USER = 'arn:aws:iam::111122223333:user/deploy-bot'
const DECLARED = [{ source: 'test', kind: 'declared' as const }]

/** What an answer about the first entity still lacks, with these sources imported. */
function lacking(facts: (merge: ReturnType<typeof startMerge>) => void, subject: string, scopes: readonly string[]) {
  const merge = startMerge()
  facts(merge)
  const source = (scope: string) => ({
    ...{ scope, title: scope, importer: scope.split(':')[0]!, importerTitle: scope, nature: 'snapshot' as const },
    ...{ complete: true, at: '2026-11-20T04:00:00Z', files: [], blindTo: [] },
  })
  const [first = 'bundle:x', ...others] = scopes
  const estate = buildEstate(
    [
      { ...source(first), facts: merge.finish() },
      ...others.map((scope) => ({ ...source(scope), facts: startMerge().finish() })),
    ],
    { id: 'x', at: '2026-11-20T04:00:00Z', sample: false },
  )
  return needsOf(
    estate,
    estate.entities.findIndex(({ key }) => key === subject),
  )
    .filter((need) => !estate.sources.some((one) => need.importers.includes(one.importer) && need.fits(one)))
    .map(({ what }) => what)
}

const OWN = ['aws-access-keys:aws/111122223333', 'cloudtrail:aws/111122223333']

describe('what an answer has to stand on', () => {
  const kept = (place: string) => (merge: ReturnType<typeof startMerge>) => {
    merge.entity({ id: KEY, kind: 'aws.iam_access_key' })
    merge.entity({ id: USER, kind: 'aws.iam_user' })
    merge.relationship({ kind: 'AUTHENTICATES_AS', from: KEY, to: USER, evidence: DECLARED })
    merge.entity({ id: place, kind: 'aws.secretsmanager_secret' })
    merge.relationship({ kind: 'HOLDS', from: place, to: KEY, evidence: DECLARED })
  }

  it('asks for the log of the account that keeps a copy, not only of the one that made the key', () => {
    const abroad = kept('arn:aws:secretsmanager:eu-west-1:444455556666:secret:deploy')
    expect(lacking(abroad, KEY, OWN)).toEqual(['CloudTrail (444455556666)'])
    expect(lacking(abroad, KEY, [...OWN, 'cloudtrail:aws/444455556666'])).toEqual([])
    expect(lacking(kept('arn:aws:secretsmanager:eu-west-1:111122223333:secret:deploy'), KEY, OWN)).toEqual([])
  })

  it('asks for CloudTrail where AWS keeps a credential of another platform', () => {
    const place = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:bot'
    const token = (merge: ReturnType<typeof startMerge>) => {
      merge.entity({ id: 'github:token/1', kind: 'github.pat' })
      merge.entity({ id: place, kind: 'aws.secretsmanager_secret' })
      merge.relationship({ kind: 'HOLDS', from: place, to: 'github:token/1', evidence: DECLARED })
    }
    const github = ['github-workflows:github/acme/shop', 'github-audit:github-audit/acme']
    expect(lacking(token, 'github:token/1', github)).toEqual(['CloudTrail (111122223333)'])
    expect(lacking(token, 'github:token/1', [...github, 'cloudtrail:aws/111122223333'])).toEqual([])
  })

  it('does not take one listed region for all: a log shows use in another', () => {
    const lambda = (region: string) => `arn:aws:lambda:${region}:111122223333:function:orders`
    const listed = [{ source: 'aws-resources', kind: 'declared' as const }]
    const seen = { source: 'cloudtrail', kind: 'observed' as const, lastSeen: '2026-11-19T04:00:00Z' }
    const world = (regions: readonly string[]) => (merge: ReturnType<typeof startMerge>) => {
      kept('arn:aws:secretsmanager:eu-west-1:111122223333:secret:deploy')(merge)
      for (const region of regions) merge.entity({ id: lambda(region), kind: 'aws.lambda_function', evidence: listed })
      merge.observation({ kind: 'RUNS_AS', from: lambda('us-east-1'), to: USER, evidence: seen })
    }
    expect(lacking(world(['eu-west-1']), KEY, OWN)).toEqual([
      'the workloads and secrets of account 111122223333 in us-east-1',
    ])
    expect(lacking(world(['eu-west-1', 'us-east-1']), KEY, OWN)).toEqual([])
    // Where nothing was listed at all, nobody took one region for all.
    expect(lacking(world([]), KEY, OWN)).toEqual([])
  })

  it('takes no account for another: a key whose user no source names', () => {
    const stray = (merge: ReturnType<typeof startMerge>) => {
      merge.entity({ id: KEY, kind: 'aws.iam_access_key' })
      merge.entity({ id: 'github:acme/shop/secret/KEY', kind: 'github.actions_secret' })
    }
    expect(lacking(stray, KEY, OWN)).toHaveLength(2)
  })

  it('takes an export without the workloads of a namespace for none of it', () => {
    const place = 'k8s:prod/shop/secret/deploy'
    const there = (workload: string) => (merge: ReturnType<typeof startMerge>) => {
      merge.entity({ id: KEY, kind: 'aws.iam_access_key' })
      merge.entity({ id: USER, kind: 'aws.iam_user' })
      merge.relationship({ kind: 'AUTHENTICATES_AS', from: KEY, to: USER, evidence: DECLARED })
      merge.entity({ id: place, kind: 'k8s.secret_object' })
      merge.relationship({ kind: 'HOLDS', from: place, to: KEY, evidence: DECLARED })
      merge.entity({ id: workload, kind: workload.includes('store') ? 'k8s.secret_store' : 'k8s.deployment' })
    }
    const sources = [...OWN, 'kubernetes:k8s/prod']
    const unlisted = ['the workloads of namespace prod/shop']
    expect(lacking(there('k8s:prod/other/deployment/api'), KEY, sources)).toEqual(unlisted)
    expect(lacking(there('k8s:prod/shop/secretstore/vault'), KEY, sources)).toEqual(unlisted)
    expect(lacking(there('k8s:prod/other/deployment/api'), KEY, OWN)).toEqual(['the cluster’s workloads (prod)'])
    expect(lacking(there('k8s:prod/shop/deployment/api'), KEY, sources)).toEqual([])
  })
})
