import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { keepRanking, rankedCredentials, rankingTask } from '../../graph/answer/fall-ranking.ts'
import { workOnFalls, type FallTask } from '../../graph/answer/fall-task.ts'
import type { Estate } from '../../graph/estate/build.ts'
import { packageRoot } from '../root.ts'

/** From so many credentials on, what a second thread saves is more than what it takes to start it. */
const WORTH_HELP = 50_000
const MOST_HELPERS = 7

/**
 * Ranks the credentials of a large estate on all cores, this thread's among them; `fallRanking` then answers with it.
 * Of a small one, or where a helper fails, nothing is kept: then `fallRanking` makes it alone when it is asked.
 */
export async function rankOnAllCores(estate: Estate, worth = WORTH_HELP): Promise<void> {
  const helpers = Math.min(MOST_HELPERS, availableParallelism() - 1)
  if (helpers < 1 || rankedCredentials(estate).length < worth) return
  const task = rankingTask(estate)
  try {
    await workTogether(task, helpers)
  } catch {
    // What a helper took and did not finish is lost with it.
    return
  }
  keepRanking(estate, task)
}

/** Works on it with so many more threads, until everything is done. Rejects where one of them fails. */
export async function workTogether(task: FallTask, helpers: number): Promise<void> {
  const others = Array.from({ length: helpers }, () => helperOn(task))
  const all = Promise.all(others)
  // A failure is looked at below, once this thread has done its part.
  all.catch(() => undefined)
  workOnFalls(task)
  await all
}

function helperOn(task: FallTask): Promise<void> {
  const helper = new Worker(join(packageRoot(), 'dist', 'server', 'estate', 'fall-helper.js'), { workerData: task })
  return new Promise((done, failed) => {
    helper.on('error', failed)
    helper.on('exit', (code) => (code === 0 ? done() : failed(new Error('a thread that ranks has ended'))))
  })
}
