/**
 * Places where tests kill the process (security-reliability.md 7, F2). Nothing happens unless a test asked for it
 * by `KEYFALL_FAILPOINT=name` or `name:3` (the third time): then the process dies as by kill -9.
 */
export const failpoints = [
  'before-put',
  'after-put',
  'before-flip',
  'inside-flip',
  'after-flip',
  'before-checkpoint',
  'inside-prune',
  'before-projection-batch',
  'after-projection-batch',
] as const
export type Failpoint = (typeof failpoints)[number]

const [wanted, times] = (process.env['KEYFALL_FAILPOINT'] ?? '').split(':')
let left = Number(times ?? 1)

export function failpoint(name: Failpoint): void {
  if (wanted === name && --left === 0) process.kill(process.pid, 'SIGKILL')
}
