import { engineMemory } from '../../graph/index/engine-memory.ts'
import { builtKernel } from './kernels.ts'

interface WebAssemblyOfNode {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => object
}

/** What is slower without each, where its twin in TypeScript does the work (kernels/README.md). */
const kernels = {
  'bundle-scan': 'bundles are read slower',
  'event-scan': 'CloudTrail logs are read slower',
  outage: 'what breaks is computed slower in a large estate',
  reach: 'reach is computed slower in a large estate',
  falls: 'the ranking of a large estate takes longer',
} as const satisfies Record<string, string>

export interface MissingKernel {
  readonly kernel: string
  readonly why: 'KEYFALL_KERNELS=off' | 'not built' | 'no WebAssembly' | 'cannot be instantiated'
  /** In one line, with what it means. */
  readonly words: string
}

/** Kernels that nobody will have in this process: each is tried. `read`: bytes of one that is built. */
export function missingKernels(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  read: (name: string) => Uint8Array | undefined = builtKernel,
): readonly MissingKernel[] {
  const isOff = environment['KEYFALL_KERNELS'] === 'off'
  return Object.entries(kernels).flatMap(([kernel, effect]) => {
    const why = isOff ? 'KEYFALL_KERNELS=off' : whyNot(read(kernel))
    if (why === undefined) return []
    return [{ kernel, why, words: `the kernel ${kernel} is not used (${why}): ${effect}; answers are the same` }]
  })
}

function whyNot(bytes: Uint8Array | undefined): MissingKernel['why'] | undefined {
  const wasm = (globalThis as { WebAssembly?: WebAssemblyOfNode }).WebAssembly
  if (wasm === undefined) return 'no WebAssembly'
  if (bytes === undefined) return 'not built'
  try {
    new wasm.Instance(new wasm.Module(bytes), { env: { memory: engineMemory(0) } })
    return undefined
  } catch {
    return 'cannot be instantiated'
  }
}
