import { expect, it } from 'vitest'
import { readCodeowners, ruleFor } from './codeowners.ts'

const rules = (text: string) => readCodeowners(text).map((rule) => ({ rule }))
const teamOf = (text: string, path: string) => ruleFor(rules(text), path)?.rule.teams.join()
const workflow = '.github/workflows/deploy.yml'

it.each([
  ['* @acme/all', workflow, 'acme/all'],
  ['* @acme/all\n/.github/ @acme/platform', workflow, 'acme/platform'],
  ['/.github/ @acme/platform\n* @acme/all', workflow, 'acme/all'],
  ['*.yml @acme/yaml', workflow, 'acme/yaml'],
  ['.github/workflows/* @acme/ci', workflow, 'acme/ci'],
  ['.github/* @acme/ci', workflow, undefined],
  ['**/workflows/deploy.yml @acme/ci', workflow, 'acme/ci'],
  ['workflows/ @acme/ci', workflow, 'acme/ci'],
  ['/workflows/ @acme/ci', workflow, undefined],
  ['.github/workflows/deploy.y?l @acme/ci', workflow, 'acme/ci'],
  // The last rule that fits counts, also where it names nobody.
  ['* @acme/all\n/.github/workflows/deploy.yml', workflow, ''],
  ['deploy @acme/ci', workflow, undefined],
])('%j owns %s: %s', (text, path, team) => expect(teamOf(text, path)).toBe(team))

it('ends whatever stands in a pattern', () => {
  expect(teamOf(`${'*a'.repeat(500)}b @acme/x`, 'a'.repeat(2_000))).toBeUndefined()
  expect(teamOf(`${'**/'.repeat(300)}x @acme/x`, 'a/'.repeat(200))).toBeUndefined()
})
