import { workerData } from 'node:worker_threads'
import { workOnFalls, type FallTask } from '../../graph/answer/fall-task.ts'
import { useBuiltKernels } from '../import/kernels.ts'

/** Program of a thread that helps to rank: it takes blocks until none is left, and ends. */
useBuiltKernels()
workOnFalls(workerData as FallTask)
