import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { plain, proposed } from './columns.ts'
import { cmdbCsv } from './index.ts'
import { repositoryOf } from './map.ts'
import { momentOf, secondsOf, tierOf } from './values.ts'

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
const names = ['cmdb_ci_service.csv', 'cmdb-keys.csv', 'cmdb-keys.csv.mapping.yaml']
const found = await runInMemory(cmdbCsv, Object.fromEntries(names.map((name) => [name, fixture(name)])))
const props = (id: string) => found.entities.find((one) => one.id === id)?.props
const links = (kind: string, from: string) =>
  found.relationships.filter((one) => one.kind === kind && one.from === from).map(({ to }) => to)
const notes = (name: string) => found.files.find((file) => file.name === name)!.notes

describe('a table of a CMDB', () => {
  it('says who answers for a system, how critical it is, how it is rotated and when nothing may change', () => {
    expect(props(keys.system('Shop'))).toEqual({
      owner: 'Head of Sales',
      team: 'Payments',
      onCall: 'payments-primary',
      criticality: '1 - most critical',
      tier: 1,
      purpose: 'Sells things, all day',
      rotationRule: '90 days',
      rotationSeconds: 7_776_000,
      expiresAt: '2027-01-31T00:00:00Z',
      tolerance: '4 hours',
      toleranceSeconds: 14_400,
      freezeWindows: '15 Nov to 5 Jan',
      cmdbClass: 'cmdb_ci_service',
    })
    expect(links('OWNED_BY', keys.system('Shop'))).toEqual([keys.team('Payments')])
    expect(links('DEFINED_IN', keys.system('Shop'))).toEqual([keys.githubRepository('acme/shop')])
  })

  it('takes what is no system for what its class says, and says it of a thing that is named for certain', () => {
    const key = found.entities.find(({ name }) => name === 'Stripe live key')!
    expect(key).toMatchObject({ kind: 'generic.credential', props: { breakGlass: true, rotationSeconds: 7_884_000 } })
    expect(links('SUPPLIED_BY', key.id)).toEqual([keys.vendor('Stripe')])
    expect(links('OWNED_BY', 'arn:aws:iam::111122223333:user/export')).toEqual([keys.team('Plattform')])
  })

  it('shows what became of each column, and which were not understood', () => {
    expect(notes('cmdb_ci_service.csv')).toContain('column 7 (busines_criticality) is taken for criticality')
    expect(notes('cmdb_ci_service.csv').at(-1)).toContain('1 columns are not understood and not taken: u_secret_note')
    expect(notes('cmdb-keys.csv')).toContain('column 2 (a title that is none) is taken for team, as the mapping says')
  })

  it('accounts for every row, is stated by people, and takes no column that nobody named', () => {
    expect(unaccounted(found)).toEqual([])
    const file = found.files.find(({ name }) => name === 'cmdb_ci_service.csv')!
    expect([file.mapped, file.merged, file.skipped.map(({ reason }) => reason)]).toEqual([4, 1, ['missing-identifier']])
    expect(found.relationships.flatMap(({ evidence }) => evidence!.map(({ kind }) => kind))).not.toContain('declared')
    expect(fixture(names[0]!)).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
    const kinds = new Set(found.entities.map(({ kind }) => kind ?? 'generic.other'))
    expect([...kinds].filter((kind) => !cmdbCsv.emits.includes(kind))).toEqual([])
  })

  it('is no other table', () => {
    const detect = (head: string, name = 'x.csv') => cmdbCsv.detect({ name, head, whole: true })
    expect(detect('user,arn,user_creation_time,password_enabled\n')).toBe(0)
    expect(detect('Secret,File,Line,Commit\n')).toBe(0)
    expect(detect('a;b\n')).toBe(0)
    expect(detect('Name;Owner;Tier\n')).toBeGreaterThan(0)
  })

  it('survives any text', async () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('"', '=cmd()', '__proto__', 'arn:aws:iam::1:user/x', '1 - most critical'),
    )
    const rows = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const text = ['name,owner,team,criticality,__proto__', ...table.map((row) => row.join(','))].join('\n')
        expect(unaccounted(await runInMemory(cmdbCsv, { 'cmdb.csv': text }))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

it.each([
  ['Business criticality', 'criticality'],
  ['u_team', 'team'],
  ['Support group', 'team'],
  ['Owned by', 'owner'],
  ['Maximum tolerable downtime', 'tolerance'],
])('a column called %s', (title, field) => expect([...proposed([title]).keys()]).toEqual([field]))

it('of two columns for one field the surer name counts', () => {
  expect(proposed(['assignment_group', 'Support Group']).get('team')).toBe(1)
  expect(plain('U_Change-Freeze')).toBe('changefreeze')
})

it.each([
  ['90', 7_776_000],
  ['every 30 days', 2_592_000],
  ['00:30:00', 1_800],
  ['soon', undefined],
])('a rule: %s', (text, seconds) => expect(secondsOf(text, 'days')).toBe(seconds))
it('a bare number is no time where its unit is not known', () => expect(secondsOf('4', undefined)).toBeUndefined())

it.each([
  ['2027-01-31', '2027-01-31T00:00:00Z'],
  ['31.01.2027', '2027-01-31T00:00:00Z'],
  ['1/31/2027', '2027-01-31T00:00:00Z'],
  ['3/4/2026', undefined],
  ['2027-13-40', undefined],
])('a date: %s', (text, moment) => expect(momentOf(text)).toBe(moment))

it.each([
  ['1 - most critical', 1],
  ['Tier 0', 0],
  ['high', 1],
  ['10 apples', undefined],
  ['', undefined],
])('a criticality: %s', (text, tier) => expect(tierOf(text)).toBe(tier))

it.each([
  ['https://github.com/acme/shop.git', 'acme/shop'],
  ['acme/shop', 'acme/shop'],
  ['git@github.com:acme/shop', 'acme/shop'],
  ['https://git.shop.example/acme/shop', undefined],
])('a repository: %s', (text, repository) => expect(repositoryOf(text)).toBe(repository))
