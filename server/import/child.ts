/** Entry of the process in which hostile files are read. It may read our code and nothing else; see read-files.ts. */
import { importers } from '../../importers/registry.ts'
import { useBuiltKernels } from './kernels.ts'
import { readForParent } from './read-for-parent.ts'

useBuiltKernels()
await readForParent(importers)
