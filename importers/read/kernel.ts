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
let readKernel: (name: string) => Uint8Array | undefined = () => undefined

/** The rim says where kernels are read from, as importers open nothing; until then there is none. */
export function useKernels(read: (name: string) => Uint8Array | undefined): void {
  readKernel = read
  modules.clear()
}

/**
 * A fresh instance of a kernel; undefined where there is none: not given, not built, no WebAssembly or no SIMD in it, or
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

function moduleOf(name: string, wasm: WebAssemblyOfNode): object | undefined {
  const bytes = readKernel(name)
  return bytes && new wasm.Module(bytes)
}
