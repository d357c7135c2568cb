/**
 * AssemblyScript. What falls with each of many things, counted; the twin of `addFall` in graph/answer/fall-task.ts and of
 * `countFall` in graph/reach/fall-counter.ts, which say what is counted and are what it is tested against. Things are
 * counted one after the other (kernels/falls/each). One whose fall is large waits for a hub: something that falls with it and has a
 * large fall of its own (kernels/falls/hubs). The fall of a hub is counted once, and the rest of everybody who waits for
 * it upon that. Hubs and who waits for them are shared by all workers (kernels/falls/waiting).
 */
export { useView, useMarks, useHubs, useSubject } from './falls/state'
export { countEach, open, settle } from './falls/each'
