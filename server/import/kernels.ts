import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { useKernels } from '../../importers/read/kernel.ts'

/** Beside the built server, and from the sources of a checkout. */
const folders = ['../../kernels/', '../../dist/kernels/']

/** Importers that run in this process from now on have the kernels of kernels/README.md, where they are built. */
export function useBuiltKernels(): void {
  useKernels((name) => {
    const path = folders
      .map((folder) => fileURLToPath(new URL(`${folder}${name}.wasm`, import.meta.url)))
      .find((one) => existsSync(one))
    return path === undefined ? undefined : readFileSync(path)
  })
}
