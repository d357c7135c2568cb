import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { benchScan } from './scan.mjs'

/** The bundle of a big estate, made once, to the engine's index. */
export async function benchBigScan({ size, folder, rounds, file }) {
  const bundle = join(folder, 'bundle.ndjson')
  if (!existsSync(bundle)) {
    const maker = join(import.meta.dirname, 'big-estate.mjs')
    const { status } = spawnSync(process.execPath, [maker, file, bundle], { stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error(`${bundle} could not be made`)
  }
  const rows = await benchScan({ bundle, rounds })
  return rows.map((row) => ({ ...row, size }))
}
