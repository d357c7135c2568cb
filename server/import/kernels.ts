import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { useEngineKernels } from '../../graph/index/engine-kernels.ts'
import { useKernels } from '../../importers/read/kernel.ts'

/** Beside the built server, and from the sources of a checkout. */
const folders = ['../../kernels/', '../../dist/kernels/']

/** Bytes of a kernel; undefined where it is not built. */
export function builtKernel(name: string): Uint8Array | undefined {
  const path = folders
    .map((folder) => fileURLToPath(new URL(`${folder}${name}.wasm`, import.meta.url)))
    .find((one) => existsSync(one))
  return path === undefined ? undefined : readFileSync(path)
}

/** Importers and engines in this thread have the kernels of kernels/README.md from now on, where they are built. */
export function useBuiltKernels(): void {
  useKernels(builtKernel)
  useEngineKernels((name) => (process.env.KEYFALL_KERNELS === 'off' ? undefined : builtKernel(name)))
}
