#!/usr/bin/env node
/**
 * Builds what is missing or older than its sources: the server and its kernels into dist/, the screen into dist/client.
 * Plain JavaScript, because nothing is built before it ran. A published package has no sources and needs nothing.
 *
 *   node server/bin/build.mjs [--server] [--client] [--force]
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const dist = join(root, 'dist')
const LOCK_STALE_MS = 180_000

const parts = {
  server: {
    sources: ['graph', 'importers', 'server', 'kernels'],
    manifest: 'server/tsconfig.json',
    stamp: '.built-server',
    // Types are checked by `npm run check`, not by whoever starts the product.
    command: ['typescript/bin/tsc', '-p', 'server/tsconfig.json', '--noCheck'],
    /** Those of `engine` share the memory that an index lies in. */
    kernels: { 'bundle-scan': 'own', 'event-scan': 'own', outage: 'engine', reach: 'engine', falls: 'engine' },
  },
  client: {
    sources: ['graph', 'client'],
    manifest: 'client/index.html',
    stamp: '.built-client',
    command: [
      'vite/bin/vite.js',
      'build',
      'client',
      '--outDir',
      '../dist/client',
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
  },
}

/** Milliseconds of the newest source, tests and fixtures left out. */
function newest(folder) {
  let latest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'fixtures' || /\.test\.tsx?$/.test(entry.name)) continue
    const path = join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return latest
}

function isStale({ sources, stamp }) {
  const built = statSync(join(dist, stamp), { throwIfNoEntry: false })
  if (!built) return true
  const inputs = [join(root, 'tsconfig.json'), join(root, 'package-lock.json')].map((file) => statSync(file).mtimeMs)
  return Math.max(...inputs, ...sources.map((folder) => newest(join(root, folder)))) > built.mtimeMs
}

/** Two processes may find the same thing missing; one builds, the other waits. */
function withLock(work) {
  const lock = join(dist, '.building')
  mkdirSync(dist, { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const held = statSync(lock, { throwIfNoEntry: false })
      if (held && Date.now() - held.mtimeMs > LOCK_STALE_MS) rmSync(lock, { recursive: true, force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
  try {
    return work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** AssemblyScript to WebAssembly. Without a kernel its twin in TypeScript does the work, so this never fails a build. */
function buildKernel(kernel, memory, say) {
  const out = join(dist, 'kernels', `${kernel}.wasm`)
  rmSync(out, { force: true })
  let tool
  try {
    tool = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin', 'asc.js')
  } catch {
    return say(`keyfall: ${kernel} stays without its kernel: assemblyscript is not installed`)
  }
  const args = [
    tool,
    join('kernels', `${kernel}.ts`),
    '-o',
    `${out}.partial`,
    ...kernelOptions,
    ...memoryOptions[memory],
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status === 0) renameSync(`${out}.partial`, out)
  else say(`keyfall: ${kernel} stays without its kernel\n${stdout}${stderr}`)
}

const kernelOptions = [
  ...['--runtime', 'stub', '--noAssert', '-O3'],
  ...['--enable', 'simd', '--enable', 'bulk-memory'],
]
const memoryOptions = {
  own: [],
  engine: [
    '--enable',
    'threads',
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
  ],
}

function run(name, { command, stamp, kernels = {} }, say) {
  const [bin, ...args] = command
  const [pack, ...inside] = bin.split('/')
  let tool
  try {
    tool = join(dirname(createRequire(import.meta.url).resolve(`${pack}/package.json`)), ...inside)
  } catch {
    throw new Error(
      `keyfall: the ${name} is not built and ${pack} is not installed: run npm ci (without --omit=dev) once`,
    )
  }
  const startedAt = new Date()
  say(`keyfall: building the ${name} …`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`keyfall: building the ${name} failed\n${stdout}${stderr}`)
  for (const [kernel, memory] of Object.entries(kernels)) buildKernel(kernel, memory, say)
  writeFileSync(join(dist, stamp), `${startedAt.toISOString()}\n`)
}

/** Builds the named parts where needed; says one line a part on standard error. Throws with the tool's words. */
export function buildIfNeeded(names, { force = false, say = (line) => process.stderr.write(`${line}\n`) } = {}) {
  for (const name of names) {
    const part = parts[name]
    if (!existsSync(join(root, part.manifest))) continue
    if (!force && !isStale(part)) continue
    withLock(() => {
      if (force || isStale(part)) run(name, part, say)
    })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = Object.keys(parts).filter((name) => process.argv.includes(`--${name}`))
  try {
    buildIfNeeded(names.length ? names : Object.keys(parts), { force: process.argv.includes('--force') })
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
