import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { keepRanking, rankingTask } from '../../graph/answer/fall-ranking.ts'
import { workOnFalls, type FallCrew, type FallTask } from '../../graph/answer/fall-task.ts'
import type { Estate } from '../../graph/estate/build.ts'
import type { FallDesks } from '../../graph/reach/fall-desks.ts'
import { packageRoot } from '../root.ts'

/** From so many credentials on, a second thread saves more than it takes to tell it of the work. */
const WORTH_HELP = 5_000
const MOST_HELPERS = 7

/** Threads that are there before there is work for them: starting one takes longer than a ranking of 20,000. */
export interface FallHelpers {
  /** They and the thread that gives them work: they get desks ready while that makes the rest of a task. */
  readonly crew: FallCrew
  /** Each takes blocks until none is left. Rejects where one of them fails. */
  help(task: FallTask): Promise<void>
  end(): void
}

/** As many as there are cores left; `none` of them is fine, too. */
export function startFallHelpers(count = Math.min(MOST_HELPERS, availableParallelism() - 1)): FallHelpers {
  const helpers = Array.from({ length: count }, startHelper)
  return {
    crew: {
      workers: count + 1,
      prepare: (desks) => helpers.forEach((helper, number) => helper.touch(desks, number)),
    },
    help: async (task) => void (await Promise.all(helpers.map((helper) => helper.help(task)))),
    end() {
      for (const { end } of helpers) end()
    },
  }
}

/**
 * Ranks the credentials of an estate by this thread and its helpers; `fallRanking` then answers with it. Where a helper
 * fails nothing is kept: then `fallRanking` makes it alone when it is asked. `did` hears how many are done, of how many.
 */
export async function rankTogether(
  estate: Estate,
  helpers: FallHelpers,
  did?: (done: number, all: number) => void,
  worth = WORTH_HELP,
): Promise<void> {
  const task = rankingTask(estate, helpers.crew)
  const all = task.credentials.length
  const tell = did && (() => did(task.done[0]!, all))
  try {
    if (all < worth) workOnFalls(task, tell)
    else await workTogether(task, helpers, tell)
  } catch {
    // What a helper took and did not finish is lost with it.
    return
  }
  keepRanking(estate, task)
}

/** Works on it with the helpers until everything is done. Rejects where one of them fails. */
export async function workTogether(task: FallTask, helpers: FallHelpers, did?: () => void): Promise<void> {
  const others = helpers.help(task)
  // A failure is looked at below, once this thread has done its part.
  others.catch(() => undefined)
  workOnFalls(task, did)
  await others
}

/** What a helper is told: to work, or to get a desk ready, and with the first also that of whom it helps. */
export type ToHelper = { readonly task: FallTask } | { readonly desks: FallDesks; readonly numbers: readonly number[] }

interface Helper {
  touch(desks: FallDesks, number: number): void
  help(task: FallTask): Promise<void>
  end(): void
}

function startHelper(): Helper {
  const worker = new Worker(join(packageRoot(), 'dist', 'server', 'estate', 'fall-helper.js'))
  let gone: Error | undefined
  const waiting: { done(): void; failed(error: Error): void }[] = []
  const die = (error: Error): void => {
    gone ??= error
    for (const { failed } of waiting.splice(0)) failed(gone)
  }
  worker.on('message', () => waiting.shift()?.done())
  worker.on('error', die)
  worker.on('exit', () => die(new Error('a thread that ranks has ended')))
  const tell = (word: ToHelper): void => worker.postMessage(word)
  return {
    touch: (desks, number) => tell({ desks, numbers: number === 0 ? [0, 1] : [number + 1] }),
    help: (task) =>
      new Promise((done, failed) => {
        if (gone) return failed(gone)
        waiting.push({ done, failed })
        tell({ task })
      }),
    end: () => void worker.terminate(),
  }
}
