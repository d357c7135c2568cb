import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { buildIfNeeded } from '../bin/build.mjs'
import type { ImportRoom } from './import-plan.ts'
import { planApart } from './plan-apart.ts'

beforeAll(() => buildIfNeeded(['server']))

const bundle = [
  { format: 'keyfall.bundle/1', scope: 'harbour' },
  { relationship: { kind: 'USES_CREDENTIAL', from: 'job:a', to: 'key:harbour' } },
]

it('says so when the thread has ended that has the facts of a plan', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfall-plan-'))
  const path = join(folder, 'harbour.ndjson')
  writeFileSync(path, bundle.map((line) => JSON.stringify(line)).join('\n'))
  const room = { version: '1', fingerprintKey: undefined, keeper: { kept: () => new Map() } }
  try {
    const plan = await planApart(room as unknown as ImportRoom, [{ path }], {})
    expect(plan.scopes.map(({ changed }) => changed)).toEqual([true])
    plan.release!()
    const take = async (): Promise<void> => {
      for await (const segment of plan.scopes[0]!.segments()) expect(segment.hash).not.toBe('')
    }
    await expect(take()).rejects.toThrow('ended')
    // Also when that is known already.
    await expect(take()).rejects.toThrow('ended')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
