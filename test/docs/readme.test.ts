import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importers } from '../../importers/registry.ts'

const root = join(import.meta.dirname, '..', '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

describe('the README', () => {
  it('lists exactly the importers of the registry, in its words', () => {
    const rows = readme
      .split('\n')
      .filter((line) => /^\| \[[a-z-]+\]\(importers\//.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, link, reads]) => ({ id: /^\[([a-z-]+)\]/.exec(link!)![1], reads }))
    const registered = importers.map(({ id, reads }) => ({ id, reads }))
    expect(rows).toEqual(registered)
  })

  it('links only to files that are there', () => {
    const targets = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
      .map((match) => match[1]!)
      .filter((target) => !target.startsWith('http'))
    expect(targets.length).toBeGreaterThan(3)
    for (const target of targets) expect(existsSync(join(root, target)), target).toBe(true)
  })

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]!)
    for (const name of named) expect(Object.keys(scripts)).toContain(name)
  })
})
