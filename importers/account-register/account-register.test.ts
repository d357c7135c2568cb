import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { accountRegister } from './index.ts'

const shop = {
  'account-type': 'member',
  environments: [
    { name: 'development', access: [{ sso_group_name: 'payments-dev', level: 'developer' }], nuke: 'include' },
    { name: 'production', access: [{ sso_group_name: 'payments-dev', level: 'view-only' }, { level: 'x' }] },
  ],
  tags: { application: 'shop', 'business-unit': 'Trade', owner: 'Payments: payments@shop.example', 'critical-national-infrastructure': true, password: 'KEYFALL-CANARY' },
  'github-oidc-team-repositories': ['', 'acme/shop', 'acme/infra:environment:production'],
} // prettier-ignore

describe('an account register', () => {
  it('gives accounts, owners, groups and trusted repositories', async () => {
    const found = await runInMemory(accountRegister, { 'environments/shop.json': JSON.stringify(shop) })
    expect(unaccounted(found)).toEqual([])
    const said = found.relationships.map(({ kind, from, to }) => `${kind} ${from} > ${to}`)
    expect(said).toContain('OWNED_BY register:account/shop-production > team:payments: payments@shop.example')
    expect(said).toContain('CAN_ACCESS register:sso-group/payments-dev > register:account/shop-production')
    expect(said).toContain('CAN_ACCESS github:acme/infra > register:account/shop-production')
    expect(found.relationships.filter(({ kind }) => kind.startsWith('USES') || kind === 'RUNS_AS')).toEqual([])
    const account = found.entities.find(({ id }) => id === 'register:account/shop-production')
    expect(account?.props).toMatchObject({ production: 'true', environment: 'production' })
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('accounts for what is none', async () => {
    const cut = JSON.stringify(shop).slice(0, -20)
    const odd = JSON.stringify({ ...shop, environments: 7, tags: null })
    const found = await runInMemory(accountRegister, { 'a.json': cut, 'b.json': odd })
    expect([skippedOf(found, 'not-json'), skippedOf(found, 'unreadable-record')]).toEqual([1, 1])
    expect(unaccounted(found)).toEqual([])
  })

  const data = join(import.meta.dirname, '../../../shared/data/moj-modernisation-platform/environments')
  const present = existsSync(data)
  if (!present) {
    if (process.env.CI) throw new Error('../shared/data/moj-modernisation-platform is missing')
    process.stderr.write(
      'SKIPPED: ../shared/data/moj-modernisation-platform is not there, its counts are not checked\n',
    )
  }
  it.skipIf(!present)(
    'of a real platform: 114 applications, 300 accounts, 58 owners, 151 groups, 89 repositories',
    async () => {
      const files = Object.fromEntries(
        readdirSync(data).map((name) => [`environments/${name}`, readFileSync(join(data, name))]),
      )
      const found = await runInMemory(accountRegister, files)
      expect([found.files.length, skippedOf(found)]).toEqual([114, 0])
      const of = (kind: string) => new Set(found.entities.filter((one) => one.kind === kind).map(({ id }) => id)).size
      expect(of('aws.account')).toBe(300)
      expect(of('generic.identity')).toBe(151)
      // The README counts texts: one of the repositories is empty, and owners compare without case.
      expect(of('github.repository')).toBe(88)
      expect(of('business.team')).toBeLessThanOrEqual(58)
      expect(of('business.team')).toBeGreaterThan(50)
    },
  )
})
