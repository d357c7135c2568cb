import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { BacktestReply } from '../../graph/wire-acts.ts'
import { backtestLogs } from '../../server/cli/backtest.ts'
import { logRecords } from '../../server/logs/log-records.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(data)
if (!present) process.stderr.write('SKIPPED: ../shared/data is absent: nothing is backtested on real logs\n')

const percent = (share: number | null): string =>
  share === null ? 'nothing to score' : `${Math.round(share * 1000) / 10} %`

/** Moments of the records of a path, in order. */
async function momentsOf(path: string): Promise<string[]> {
  const moments: string[] = []
  for await (const { at } of logRecords([path], { other: 0 })) if (at !== undefined) moments.push(at)
  return moments.sort()
}

/** Each of these cut in the middle of its records; those that lie at one moment can't be cut. */
async function backtestEach(paths: readonly string[]): Promise<BacktestReply[]> {
  const replies: BacktestReply[] = []
  for (const path of paths) {
    const moments = await momentsOf(path)
    const middle = moments[Math.ceil(moments.length / 2)]
    if (middle === undefined || middle === moments[0]) continue
    replies.push(BacktestReply.parse(await backtestLogs([path], middle)))
  }
  return replies
}

function told(name: string, replies: readonly BacktestReply[]): BacktestReply['byClient'] {
  const sum = (of: (one: BacktestReply) => number): number => replies.reduce((total, one) => total + of(one), 0)
  const [predicted, happened, both] = [sum((one) => one.predicted), sum((one) => one.happened), sum((one) => one.both)]
  const share = (of: number): number | null => (of === 0 ? null : both / of)
  const all = { predicted, happened, both, precision: share(predicted), recall: share(happened) }
  process.stdout.write(
    `backtest ${name}: ${replies.length} logs, ${sum(({ records }) => records.before)} records before and ${sum(({ records }) => records.after)} after the cuts, ` +
      `${predicted} predicted, ${happened} happened, ${both} both: precision ${percent(all.precision)}, recall ${percent(all.recall)}\n`,
  )
  return all
}

it('says that real data is there', () => expect(present || process.env['CI'] !== 'true').toBe(true))

describe.runIf(present)('backtest on real CloudTrail', () => {
  it('cloudtrail-stratus: every file is another account, so each is cut by itself', async () => {
    const folder = `${data}cloudtrail-stratus/`
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
    const replies = await backtestEach(files.map((name) => folder + name))
    expect(replies.length).toBeGreaterThan(10)
    const all = told('cloudtrail-stratus', replies)
    expect(all.both).toBeGreaterThan(0)
    // Attacks of minutes: a caller that is known before the cut comes back, or the attack was over.
    expect(all.recall).toBeGreaterThan(0.8)
  }, 120_000)

  it.each(['cloudtrail-otrf', 'cloudtrail-opensearch', 'cloudtrail-trailscraper', 'cloudlogs-plaso'])(
    '%s: cut in the middle',
    async (folder) => {
      const replies = await backtestEach([data + folder])
      const all = told(folder, replies)
      for (const reply of replies) expect(reply.limits.length).toBeGreaterThan(3)
      expect(all.both).toBeLessThanOrEqual(Math.min(all.predicted, all.happened))
    },
    120_000,
  )
})
