import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenEstate } from '../open-estate.ts'
import { packageRoot } from '../root.ts'
import { markAsSample } from './sample-mark.ts'

/** Imports the fictional sample into a store that holds nothing, and marks it as one. True when it did. */
export async function loadSample({
  store,
  keeper,
  jobs,
}: Pick<OpenEstate, 'store' | 'keeper' | 'jobs'>): Promise<boolean> {
  const folder = join(packageRoot(), 'server', 'sample')
  if (keeper.snapshot().sources > 0 || !existsSync(folder)) return false
  const job = jobs.create()
  job.start([{ path: folder }])
  await job.settled()
  const done = await job.commit()
  if (done.state !== 'done') throw new Error('the sample could not be imported')
  await markAsSample(store)
  await keeper.reload()
  return true
}
