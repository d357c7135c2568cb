import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { cases } from '../../graph/answer/section14.test-data.ts'
import { changeActions, changeKinds, type ChangeRow } from '../../graph/kinds/change-kinds.ts'

/** The page that the tables are from; where it is not there, what was taken from it cannot be compared. */
const page = fileURLToPath(new URL('../../../shared/design/change-semantics.md', import.meta.url))
const isThere = existsSync(page)
if (!isThere) console.warn('SKIPPED: comparing with change-semantics.md, as the page is not here')

const text = isThere ? readFileSync(page, 'utf8') : ''
const block = (heading: string, language: string): string =>
  text.split(`\n${heading}`)[1]!.split(`\`\`\`${language}\n`)[1]!.split('```')[0]!
const rowsOf = (heading: string): Record<string, string>[] =>
  parse(block(heading, 'csv'), { columns: true, relax_column_count: true })

const rows = new Map<string, ChangeRow>(Object.entries(changeKinds))

/** Rows that follow a related one (the page, below its second table). */
const follows: Record<string, string> = {
  'aws.sts_chained_role_session': 'aws.sts_role_session',
  'aws.sts_federation_token': 'aws.sts_session_token',
  'vault.periodic_token': 'vault.service_token',
}

/** "use@retire:S", "mint or cut (server):S2". */
function cellWords(
  { effects }: ChangeRow,
  action: (typeof changeActions)[number],
): { codes: string[]; at: string; mark: string } {
  const { codes, at = '', mark = '' } = effects[action]
  return { codes: [...codes], at, mark }
}

function cell(written: string): { codes: string[]; at: string; mark: string } {
  const [effect, mark = ''] = [written.slice(0, written.lastIndexOf(':')), written.slice(written.lastIndexOf(':') + 1)]
  if (!written.includes(':')) return { codes: [written], at: '', mark: '' }
  const codes = effect.match(/\b(use|mint|conn|cut|perm|claim|copy|target|none|na|unk)\b(?=[^)]*(\(|$))/g) ?? []
  return { codes, at: effect.match(/@(\w+)/)?.[1] ?? '', mark }
}

describe.skipIf(!isThere)('the tables of change-semantics.md', () => {
  it('every credential kind is there with its values', () => {
    const given = rowsOf('## 1. Machine-usable summary')
    expect(given.length).toBeGreaterThan(70)
    const value = (one: string): string | number => (/^\d+$/.test(one) ? Number(one) : one)
    for (const one of given) {
      const row = rows.get(one['credential_kind']!)!
      expect(row, one['credential_kind']).toBeDefined()
      const modes = one['pickup_modes']!
      expect(
        {
          defaultTtl: row.defaultTtl,
          maxTtl: row.maxTtl,
          survives: row.survives,
          maxConcurrent: row.maxConcurrent,
          reversible: row.reversible,
          weakestMark: row.weakestMark,
          section: row.section,
          pickupModes: row.pickupModes === 'any' ? 'any' : row.pickupModes.join('|') || 'none',
        },
        one['credential_kind'],
      ).toEqual({
        defaultTtl: value(one['default_ttl_s']!),
        maxTtl: value(one['max_ttl_s']!),
        survives: one['session_survives_revocation'],
        maxConcurrent: value(one['max_concurrent']!),
        reversible: one['reversible'],
        weakestMark: one['weakest_mark'],
        section: one['section'],
        pickupModes: modes,
      })
      // Nothing published is no limit known to us, so the platform's default of 13.8 stands; a number is never exceeded.
      const latency = one['revocation_latency_max_s']!
      const isLifeOfTokens = one['credential_kind'] === 'azure.managed_identity'
      if (/^\d+$/.test(latency) && !isLifeOfTokens && Number(latency) > 0)
        expect(row.lag.span[1] ?? Infinity, one['credential_kind']).toBeGreaterThanOrEqual(Number(latency) - 1)
    }
  })

  it('every action on every kind has the effect and the mark given there', () => {
    const given = rowsOf('### 1.1 Effect of every action on every kind')
    expect(given.length).toBeGreaterThan(60)
    for (const one of given) {
      const kinds = [
        one['credential_kind']!,
        ...Object.keys(follows).filter((kind) => follows[kind] === one['credential_kind']),
      ]
      for (const kind of kinds)
        for (const action of changeActions) {
          const found = cellWords(rows.get(kind)!, action)
          const wanted = cell(one[action]!)
          // A cell that sends to section 8 names no code of its own.
          expect(found.codes[0], `${kind} ${action}`).toBe(wanted.codes[0] ?? 'perm')
          expect({ at: found.at, mark: found.mark }, `${kind} ${action}`).toEqual({ at: wanted.at, mark: wanted.mark })
        }
    }
  })

  it('no table has a kind that is missing here', () => {
    const named = [...rowsOf('## 1. Machine-usable summary'), ...rowsOf('### 1.1 Effect')].map(
      (one) => one['credential_kind']!,
    )
    expect(named.filter((kind) => !rows.has(kind))).toEqual([])
  })
})

interface Given {
  id: string
  expect: { verdict: string; break_at?: [number, number | null]; recover_at?: [number | null, number | null] }
}

describe.skipIf(!isThere)('the cases of its section 14', () => {
  it('are all here, with the moments given there', () => {
    const vectors = JSON.parse(block('## 14. Test vectors', 'json')) as { id: string; dependents: Given[] }[]
    const given = vectors.flatMap(({ id, dependents }) => dependents.map((one) => ({ ...one, id: `${id} ${one.id}` })))
    expect(cases.map(({ id }) => id)).toEqual(given.map(({ id }) => id))
    for (const { id, expect: wanted } of given) {
      const ours = cases.find((one) => one.id === id)!
      expect(ours.verdict, id).toBe(wanted.verdict)
      expect(ours.breakAt, id).toEqual(wanted.break_at)
      if (wanted.recover_at) expect(ours.recoverAt ?? [null, null], id).toEqual(wanted.recover_at)
    }
  })
})
