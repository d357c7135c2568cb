import type { EngineMemory } from './engine-memory.ts'

/** Functions of a kernel (kernels/README.md), over whole numbers and addresses. */
export type KernelCalls = Readonly<Record<string, (...numbers: number[]) => number>>

interface WebAssemblyModules {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: KernelCalls }
}

const modules = new Map<string, object | undefined>()
let readKernel: (name: string) => Uint8Array | undefined = () => undefined

/** The rim says where kernels are read from, as this opens nothing; until then there is none. */
export function useEngineKernels(read: (name: string) => Uint8Array | undefined): void {
  readKernel = read
  modules.clear()
}

/**
 * A kernel over the memory that an index lies in; undefined where there is none: not given, not built, or no
 * WebAssembly with threads. Whoever asks has a way in TypeScript that gives the same.
 */
export function engineKernel(name: string, memory: EngineMemory | undefined): KernelCalls | undefined {
  const wasm = (globalThis as unknown as { WebAssembly?: WebAssemblyModules }).WebAssembly
  if (wasm === undefined || memory === undefined) return undefined
  try {
    if (!modules.has(name)) {
      const bytes = readKernel(name)
      modules.set(name, bytes && new wasm.Module(bytes))
    }
    const module = modules.get(name)
    return module && new wasm.Instance(module, { env: { memory } }).exports
  } catch {
    modules.set(name, undefined)
    return undefined
  }
}
