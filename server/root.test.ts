import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from './root.ts'

it('finds the folder of package.json, and says so where none above has one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfall-root-'))
  try {
    const deep = join(folder, 'dist', 'server')
    mkdirSync(deep, { recursive: true })
    expect(() => packageRoot(deep)).toThrow(`No package.json lies in ${deep} or above it`)
    writeFileSync(join(folder, 'package.json'), '{}')
    expect(packageRoot(deep)).toBe(folder)
    expect(packageRoot()).toMatch(/\S/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
