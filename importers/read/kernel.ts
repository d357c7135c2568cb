import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a kernel (kernels/README.md) gives: its memory, and functions of whole numbers. */
export interface Kernel {
  readonly memory: {
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  readonly call: Readonly<Record<string, (...numbers: number[]) => number>>
}

interface WebAssemblyOfNode {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => {
    readonly exports: Record<string, unknown>
  }
}

const modules = new Map<string, object | undefined>()

/**
 * A fresh instance of a kernel; undefined where there is none: not built, no WebAssembly or no SIMD in it, or
 * `KEYFALL_KERNELS=off`. Whoever asks has a way in TypeScript that gives the same.
 */
export function kernel(name: string): Kernel | undefined {
  const wasm = (globalThis as { WebAssembly?: WebAssemblyOfNode }).WebAssembly
  if (wasm === undefined || process.env.KEYFALL_KERNELS === 'off') return undefined
  try {
    if (!modules.has(name)) modules.set(name, moduleOf(name, wasm))
    const module = modules.get(name)
    if (module === undefined) return undefined
    const { memory, ...call } = new wasm.Instance(module).exports
    return { memory, call } as unknown as Kernel
  } catch {
    modules.set(name, undefined)
    return undefined
  }
}

/** As built, and from the sources of a checkout. */
const folders = ['../../kernels/', '../../dist/kernels/']

function moduleOf(name: string, wasm: WebAssemblyOfNode): object | undefined {
  const path = folders
    .map((folder) => fileURLToPath(new URL(`${folder}${name}.wasm`, import.meta.url)))
    .find((one) => existsSync(one))
  return path === undefined ? undefined : new wasm.Module(readFileSync(path))
}
