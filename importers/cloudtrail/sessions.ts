import { byteTable } from './byte-table.ts'
import type { Origin } from './effect.ts'

/**
 * Which sessions came of what. A session is known by a number; 0 is none. What hands a session out may come after what
 * was done with it, in the same file or in another, so sources are asked for when all is read.
 */
export interface Sessions {
  /** Number of the session with this id of temporary credentials (`ASIA…`), given as bytes. */
  numberOf(bytes: Uint8Array, start: number, end: number): number
  /** The same of a text. */
  numberOfText(id: string | undefined): number
  /** @param parent the session that asked for it, where that is all the event says */
  made(session: number, origin: Origin | undefined, parent: number): void
  /** Number of what the session goes back to, over any number of sessions; 0 while that is not known. */
  sourceOf(session: number): number
  /** What has this number. */
  source(number: number): Origin | undefined
  count(): number
}

/** Roles assume roles; longer chains than this are loops of hostile files. */
const LONGEST_CHAIN = 64
/** Origins of effects remembered by themselves. */
const ORIGINS = 50_000

export function sessions(): Sessions {
  const ids = byteTable()
  /** Number of the origin, by session. */
  const origins = new Map<number, number>()
  const sources: Origin[] = []
  const numbers = new Map<string, number>()
  let parents = new Int32Array(1 << 10)

  const known = new Map<Origin, number>()
  const numberOf = (origin: Origin): number => {
    const same = known.get(origin)
    if (same !== undefined) return same
    const key = JSON.stringify(origin)
    let number = numbers.get(key)
    if (number === undefined) {
      sources.push(origin)
      number = sources.length
      numbers.set(key, number)
    }
    if (known.size >= ORIGINS) known.clear()
    known.set(origin, number)
    return number
  }

  return {
    numberOf: (bytes, start, end) => ids.idOf(bytes, start, end),
    numberOfText(id) {
      if (id === undefined || id === '') return 0
      const bytes = Buffer.from(id)
      return ids.idOf(bytes, 0, bytes.length)
    },
    made(session, origin, parent) {
      if (session === 0 || session === parent) return
      if (origin !== undefined) {
        const known = origins.get(session)
        if (known === undefined || isBefore(origin, sources[known - 1]!)) origins.set(session, numberOf(origin))
      } else if (parent !== 0) {
        while (session >= parents.length) {
          const wider = new Int32Array(parents.length * 2)
          wider.set(parents)
          parents = wider
        }
        const known = parents[session]!
        if (known === 0 || (known !== parent && ids.textOf(parent) < ids.textOf(known))) parents[session] = parent
      }
    },
    sourceOf(session) {
      let at = session
      for (let steps = 0; steps < LONGEST_CHAIN && at !== 0; steps++) {
        const origin = origins.get(at)
        if (origin !== undefined) return origin
        at = parents[at] ?? 0
      }
      return 0
    },
    source: (number) => sources[number - 1],
    count: () => ids.count(),
  }
}

/**
 * The trails of two accounts may tell of one session; the one that knows more is believed. Of two that know as much, which
 * no trail says of one session, the same one is, whichever comes first.
 */
function isBefore(origin: Origin, known: Origin): boolean {
  const more = rank(origin) - rank(known)
  return more > 0 || (more === 0 && origin !== known && JSON.stringify(origin) < JSON.stringify(known))
}

function rank({ credential, workload, subject }: Origin): number {
  return credential !== undefined ? 3 : workload !== undefined ? 2 : subject !== undefined ? 1 : 0
}
