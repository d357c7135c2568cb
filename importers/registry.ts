import { bundle } from './bundle/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import type { Importer } from './importer.ts'
import { kubernetes } from './kubernetes/index.ts'

/** Every importer, one line each. Of two that are equally sure of a file the first one reads it. */
export const importers: readonly Importer[] = [cloudtrail, kubernetes, bundle]
