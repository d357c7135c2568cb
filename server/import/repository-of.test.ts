import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { repositoryOfConfig } from './repository-of.ts'
import { walkFiles } from './walk-files.ts'

const origin = (url: string) =>
  `[core]\n\tbare = false\n[remote "up"]\n\turl = https://h/x/y\n[remote "origin"]\n\turl = ${url}\n`

it.each([
  ['git@github.com:acme/shop.git', 'acme/shop'],
  ['https://github.com/acme/shop', 'acme/shop'],
  ['https://user:KEYFALL-CANARY-token@github.com/acme/shop.git', 'acme/shop'],
  ['ssh://git@github.com:22/acme/shop.git', 'acme/shop'],
])('origin %s is %s', (url, repository) => expect(repositoryOfConfig(origin(url))).toBe(repository))

it('no origin, no repository', () => expect(repositoryOfConfig('[remote "up"]\n\turl = a/b\n')).toBeUndefined())

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'keyfall-walk-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

it('gives each file the repository it lies in', async () => {
  const workflow = '.github/workflows/x.yml'
  const files = {
    'shop/.git/config': origin('git@github.com:acme/shop.git'),
    [`shop/${workflow}`]: '',
    [`shop/examples/demo/${workflow}`]: '',
    [`shop/mirrors/acme__tools/${workflow}`]: '',
    [`plain/${workflow}`]: '',
    'notes.txt': '',
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  const found: string[] = []
  for await (const { name, repository } of walkFiles(folder))
    found.push(`${name.slice(basename(folder).length + 1)} ${repository}`)
  expect(found).toEqual([
    'notes.txt undefined',
    `plain/${workflow} plain`,
    `shop/${workflow} acme/shop`,
    `shop/examples/demo/${workflow} acme/shop`,
    `shop/mirrors/acme__tools/${workflow} acme/tools`,
  ])
  const inner: string[] = []
  for await (const { name, repository } of walkFiles(join(folder, 'shop/.github/workflows')))
    inner.push(`${name} ${repository}`)
  expect(inner).toEqual(['workflows/x.yml acme/shop'])
})
