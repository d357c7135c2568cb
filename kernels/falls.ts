/**
 * AssemblyScript. What falls with each of many things, counted; the twin of `addFall` in graph/answer/fall-task.ts and of
 * `countFall` in graph/reach/fall-counter.ts, which say what is counted and are what it is tested against. Things are
 * counted one after the other (kernels/falls/closure); one whose fall is large is put aside, and 128 of those are counted
 * together, a bit each (kernels/falls/together).
 */
export { useView, useMarks, useBits, useSubject } from './falls/state'
export { countEach, putAside } from './falls/each'
export { countTogether } from './falls/together'
