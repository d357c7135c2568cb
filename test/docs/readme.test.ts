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

  it.each(importers)(
    'importers/$id says how to collect, with which least privilege, what it shows and what not',
    (importer) => {
      const page = readFileSync(join(root, 'importers', importer.id, 'README.md'), 'utf8')
      const text = page.toLowerCase()
      const command = text.includes('```sh') || /collecting command +\|.*`/.test(text)
      expect({
        command: command || /collecting command \| your own script/.test(text),
        privilege: text.includes('least privilege'),
        shows: text.includes('\n## what it shows') || text.includes('\n## what becomes'),
        blind: text.includes('blind to'),
      }).toEqual({ command: true, privilege: true, shows: true, blind: true })
      // The one line of the registry is one of the page's commands: its program and what it is asked for stand there.
      for (const word of (importer.collect ?? '').split(' ').slice(0, 2)) expect(page).toContain(word)
    },
  )

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
