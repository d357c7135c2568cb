import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { keep, lineOf, perform, type Judged, type Make } from './run.ts'
import { postgresActions } from './runs/postgres-actions.ts'
import { postgresDelivery } from './runs/postgres-delivery.ts'
import { redisRuns } from './runs/redis-runs.ts'
import { sshRuns } from './runs/ssh-runs.ts'
import { tokenAndTlsRuns } from './runs/token-and-tls-runs.ts'
import { postgresPrograms, startPostgres } from './servers/postgres.ts'
import { program } from './servers/process.ts'
import { redisPrograms, startRedis } from './servers/redis.ts'
import { sshPrograms, startSshd } from './servers/sshd.ts'
import { tlsPrograms } from './servers/tls.ts'

/** A real server and the runs on it. Without its programs they are skipped, loudly; on CI that fails. */
interface Bench {
  readonly name: string
  readonly needs: readonly string[]
  open(folder: string): Promise<{ runs: readonly Make[]; stop(): Promise<void> }>
}

const benches: readonly Bench[] = [
  {
    name: 'PostgreSQL',
    needs: postgresPrograms,
    async open(folder) {
      const server = await startPostgres(folder)
      return { runs: [...postgresDelivery(server, folder), ...postgresActions(server, folder)], stop: server.stop }
    },
  },
  {
    name: 'Redis',
    needs: redisPrograms,
    async open(folder) {
      const server = await startRedis(folder)
      return { runs: redisRuns(server, folder), stop: server.stop }
    },
  },
  {
    name: 'OpenSSH',
    needs: sshPrograms,
    async open(folder) {
      const server = await startSshd(folder)
      return { runs: sshRuns(server, folder), stop: server.stop }
    },
  },
  {
    name: 'TLS and tokens',
    needs: tlsPrograms,
    open: async (folder) => ({ runs: tokenAndTlsRuns(folder), stop: async () => undefined }),
  },
]

/** So many at once: each waits most of the time. */
const AT_ONCE = 3
const all: Judged[] = []
afterAll(() => {
  keep(all)
  const outside = all.filter(({ wrong }) => wrong.length > 0).length
  console.log(
    `laboratory: ${new Set(all.map(({ run }) => run)).size} runs, ${all.length} workloads, ${outside} outside`,
  )
})

describe('the laboratory', () => {
  for (const bench of benches) {
    const missing = bench.needs.filter((name) => program(name) === undefined)
    if (missing.length > 0 && process.env.CI !== 'true') {
      console.warn(`${bench.name}: SKIPPED, ${missing.join(', ')} not installed`)
      // Without the server there is nothing to measure; on CI its absence fails below.
      it.skip(`${bench.name} (needs ${missing.join(', ')})`)
      continue
    }
    it(`${bench.name}: every moment lies inside what was predicted`, { timeout: 300_000 }, async () => {
      expect(missing).toEqual([])
      const folder = mkdtempSync(join(tmpdir(), 'keyfall-lab-'))
      const { runs, stop } = await bench.open(folder)
      try {
        const judged = await inTurn(runs)
        all.push(...judged)
        for (const one of judged) console.log(lineOf(one))
        expect(judged.filter(({ wrong }) => wrong.length > 0).map(lineOf)).toEqual([])
      } finally {
        await stop()
        rmSync(folder, { recursive: true, force: true })
      }
    })
  }
})

async function inTurn(runs: readonly Make[]): Promise<Judged[]> {
  const left = [...runs]
  const judged: Judged[] = []
  const lane = async (): Promise<void> => {
    for (let make = left.shift(); make; make = left.shift()) judged.push(...(await perform(make)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return judged
}
