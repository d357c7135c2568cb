import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '../..')

/** One plain JavaScript file of `import-child.ts`, so that fifty children start quickly. */
export async function buildChild(): Promise<string> {
  const folder = join(root, 'node_modules/.cache/keyfall-faults', String(process.pid))
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: { ssr: join(import.meta.dirname, 'import-child.ts'), outDir: folder, target: 'node20', minify: false },
  })
  return join(folder, 'import-child.js')
}

export interface Child {
  readonly said: string[]
  /** Resolves when a line begins with this, or the child has ended. */
  heard(word: string): Promise<void>
  kill(): void
  readonly ended: Promise<NodeJS.Signals | number | null>
}

export function startChild(file: string, settings: unknown, failpoint = ''): Child {
  const child = spawn(process.execPath, [file, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, KEYFALL_FAILPOINT: failpoint },
  })
  const said: string[] = []
  const listeners = new Set<() => void>()
  let rest = ''
  child.stdout.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString()).split('\n')
    rest = lines.pop()!
    said.push(...lines)
    for (const tell of listeners) tell()
  })
  let isOver = false
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.on('close', (code, signal) => {
      isOver = true
      resolve(signal ?? code)
      for (const tell of listeners) tell()
    }),
  )
  return {
    said,
    ended,
    kill: () => void child.kill('SIGKILL'),
    heard: (word) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isOver && !said.some((line) => line.startsWith(word))) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
      }),
  }
}

/** The last import that the child acknowledged; `before` when none. */
export function acknowledged({ said }: Child, before: number): number {
  return said
    .filter((line) => line.startsWith('acknowledged '))
    .reduce((last, line) => Math.max(last, Number(line.slice(13))), before)
}
