import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { githubApi } from './index.ts'

const path = join(import.meta.dirname, '../../../shared/data/github-api-examples/examples.json')
const present = existsSync(path)
if (!present) {
  if (process.env.CI) throw new Error('../shared/data/github-api-examples is missing')
  process.stderr.write('SKIPPED: ../shared/data/github-api-examples is not there, it is not read\n')
}

describe.skipIf(!present)('the examples that GitHub publishes', () => {
  const named = (text: string) =>
    text
      .replaceAll('{org}', 'octo-org')
      .replaceAll('/{owner}/{repo}', '/octo-org/octo-repo')
      .replaceAll('{environment_name}', 'production')
      .replaceAll(/\{(secret_name|team_slug|pat_id|branch)\}/g, '25381')

  it('are 181 replies; every one is read or known not to matter', async () => {
    const text = readFileSync(path, 'utf8')
    expect(Object.keys(JSON.parse(text) as object)).toHaveLength(181)
    const outcome = await runInMemory(githubApi, { 'examples.json': named(text) })
    expect(unaccounted(outcome)).toEqual([])
    const [file] = outcome.files
    const reasons = new Set(file!.skipped.map(({ reason }) => reason))
    expect([...reasons]).toEqual(['not-relevant'])
    const skipped = new Set(file!.skipped.map(({ where }) => where))
    process.stdout.write(`181 replies: ${file!.mapped} items mapped, ${skipped.size} replies not relevant\n`)
    expect(file!.mapped).toBeGreaterThan(60)
    const count = (kind: string) =>
      new Set(outcome.entities.filter((one) => one.kind === kind).map(({ id }) => id)).size
    // Of the organization 3 (Codespaces: 2) and the one whose repositories are listed, of the repository 2, of the environment 2.
    expect({
      actions: count('github.actions_secret'),
      dependabot: count('github.dependabot_secret'),
      codespaces: count('github.codespaces_secret'),
      tokens: count('github.pat'),
      keys: count('ssh.authorized_key'),
    }).toEqual({ actions: 8, dependabot: 6, codespaces: 5, tokens: 1, keys: 1 })
  })

  it('without the names that documentation leaves open nothing is taken for anybody’s', async () => {
    const outcome = await runInMemory(githubApi, { 'examples.json': readFileSync(path, 'utf8') })
    expect(outcome.entities.filter(({ kind }) => kind === 'github.actions_secret')).toEqual([])
    expect(skippedOf(outcome, 'masked-identifier')).toBeGreaterThan(50)
  })
})
