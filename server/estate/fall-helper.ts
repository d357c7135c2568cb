import { parentPort } from 'node:worker_threads'
import { workOnFalls, type FallTask } from '../../graph/answer/fall-task.ts'
import { useBuiltKernels } from '../import/kernels.ts'

/** Program of a thread that helps to rank: it takes blocks of each task that it is given until none is left, and says so. */
useBuiltKernels()
const port = parentPort!
port.on('message', (task: FallTask) => {
  workOnFalls(task)
  port.postMessage('done')
})
