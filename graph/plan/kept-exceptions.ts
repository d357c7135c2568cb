import type { CutoverGate, Exception } from '../wire-cutover.ts'
import type { Gate } from '../wire-plan.ts'
import type { KeptException } from './kept-plan.ts'

/**
 * What an exception may cover: a gate that is not known, always, but that of the names; a gate that is known to be open
 * only where the risk is about the way and not about a way back or somebody unseen. A known outage takes the highest risk.
 */
const coversOpen: readonly KeptException['what'][] = ['inventoried', 'tolerates', 'overlap', 'validation']

interface OpenGate {
  readonly id: string
  readonly state: Gate['state']
}

function covers({ what, risk }: KeptException, { id, state }: OpenGate): boolean {
  if (what !== id) return false
  return state === 'unknown' || coversOpen.includes(what) || (what === 'continuity' && risk === 'high')
}

/** The last day counts whole. `now`: ISO 8601. */
const isOver = ({ until }: KeptException, now: string): boolean => now.slice(0, 10) > until

/** The gates of a credential with the exceptions that cover them; a gate's state stays what it is. */
export function exceptedGates(
  gates: readonly Gate[],
  exceptions: readonly KeptException[],
  credential: string,
  now: string,
): CutoverGate[] {
  return gates.map((gate): CutoverGate => {
    const found =
      gate.state === 'met'
        ? undefined
        : exceptions.find((one) => one.credential === credential && !isOver(one, now) && covers(one, gate))
    return { ...gate, excepted: found?.id ?? null }
  })
}

/** The exception by which a credential keeps its standing access for now. */
export function stayOf(
  exceptions: readonly KeptException[],
  credential: string,
  now: string,
): KeptException | undefined {
  return exceptions.find((one) => one.credential === credential && one.what === 'stays' && !isOver(one, now))
}

/** An exception with whether it has any effect now, and why not. */
export function exceptionOf(one: KeptException, gates: readonly OpenGate[] | undefined, now: string): Exception {
  const gate = gates?.find(({ id }) => id === one.what)
  const words = isOver(one, now)
    ? `over since ${one.until}`
    : gates === undefined
      ? 'its credential is no longer in the plan'
      : one.what === 'stays'
        ? `its standing access stays until ${one.until}`
        : gate?.state === 'met'
          ? 'no longer needed: the gate is met'
          : gate && covers(one, gate)
            ? `counts as closed until ${one.until}`
            : 'does not cover this: it is known to be open, not only unknown'
  const inForce =
    !isOver(one, now) &&
    gates !== undefined &&
    (one.what === 'stays' || (gate?.state !== 'met' && !!gate && covers(one, gate)))
  return { ...one, inForce, words }
}
