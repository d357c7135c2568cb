import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { packageRoot } from '../root.ts'

export type ReadingChild = ChildProcessByStdio<Writable, Readable, null>

const HEAP_MB = 2048

/** The compiled entry: from sources (tests) the same, as built by `node server/bin/build.mjs --server`. */
export function childProgram(): string {
  const program = join(packageRoot(), 'dist', 'server', 'import', 'child.js')
  if (!existsSync(program)) throw new Error(`The reader of files is not built (${program}): run npm run build.`)
  return program
}

/**
 * Starts the process that reads hostile files (security-reliability.md 3.1): it may read our code and nothing else,
 * write nothing, start nothing, and sees nothing of the environment but whether kernels are off.
 */
export function startChild(program: string): ReadingChild {
  const root = packageRoot()
  const readable = [join(root, 'dist'), join(root, 'node_modules'), join(root, 'package.json'), dirname(program)]
  const flags = [
    `--max-old-space-size=${HEAP_MB}`,
    '--no-warnings',
    permissionFlag(),
    ...readable.map((path) => `--allow-fs-read=${path}`),
  ]
  const env = process.env.KEYFALL_KERNELS === 'off' ? { KEYFALL_KERNELS: 'off' } : {}
  return spawn(process.execPath, [...flags, program], { stdio: ['pipe', 'pipe', 'ignore'], env, cwd: root })
}

/** The permission model lost its `experimental` in Node 22.13 and 23.5. */
function permissionFlag(): string {
  return process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
}
