import { parentPort } from 'node:worker_threads'
import { workOnFalls } from '../../graph/answer/fall-task.ts'
import { touchDesk } from '../../graph/reach/fall-desks.ts'
import { useBuiltKernels } from '../import/kernels.ts'
import type { ToHelper } from './fall-helpers.ts'

/** Program of a thread that helps to rank: it takes blocks of each task that it is given until none is left, and says so. */
useBuiltKernels()
const port = parentPort!
port.on('message', (word: ToHelper) => {
  if ('desks' in word) return word.numbers.forEach((number) => touchDesk(word.desks, number))
  workOnFalls(word.task)
  port.postMessage('done')
})
