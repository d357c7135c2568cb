import type { Estate } from '../../graph/estate/build.ts'
import type { Snapshot } from '../../graph/wire.ts'
import type { ImportManifest } from '../store/contract.ts'
import { startAnswering, type Answering } from './answering.ts'
import type { EstateFile } from './estate-file.ts'
import type { RankingSoFar } from './tell-ranking.ts'
import { refuseWithoutRoom } from './not-enough-memory.ts'
import { buildFrom, snapshotOf, type EstateInputs } from './estate-inputs.ts'

/** Where the estate of one snapshot lives: here, or in a thread of its own that answers for it. */
export interface EstatePlace {
  readonly snapshot: Snapshot
  /** Built when it is first asked for, where the estate lives in another thread. */
  estate(): Estate
  readonly answering?: Answering
}

/** From this many relationships on, building and indexing takes so long that whoever asks meanwhile would wait for it. */
export const APART_FROM = 20_000

/** From this many relationships on, the estate is kept beside the store: below, it is built as fast as it is read. */
export const KEPT_FROM = 20_000

/** The estate, in this thread. */
export function estateHere(estate: Estate): EstatePlace {
  return { snapshot: snapshotOf(estate), estate: () => estate }
}

/** The estate in a thread of its own, ready to be asked; read from `file` where that has it. `isAwaited`: nobody else answers. */
export async function estateApart(
  inputs: () => Promise<EstateInputs>,
  file: EstateFile | undefined,
  onError: (error: unknown) => void,
  onRanking?: (soFar: RankingSoFar) => void,
  isAwaited = false,
): Promise<EstatePlace> {
  const reading = inputs()
  const starting = startAnswering(() => reading, file, onError, onRanking, isAwaited)
  const [given, answering] = await Promise.allSettled([reading, starting])
  if (answering.status === 'rejected') throw answering.reason
  if (given.status === 'rejected') {
    answering.value.retire()
    throw given.reason
  }
  let estate: Estate | undefined
  return {
    snapshot: answering.value.snapshot,
    estate() {
      if (!estate) refuseWithoutRoom(answering.value.snapshot.relationships)
      return (estate ??= buildFrom(given.value))
    },
    answering: answering.value,
  }
}

/** No estate: it counts what the sources name, before anything is joined or implied. */
export function estateFar(
  snapshot: Pick<Snapshot, 'id' | 'at' | 'sample'>,
  scopes: readonly { readonly manifest: ImportManifest }[],
): EstatePlace {
  const sum = (what: 'entities' | 'relationships'): number =>
    scopes.reduce((total, { manifest }) => total + manifest.counts[what], 0)
  return {
    snapshot: { ...snapshot, entities: sum('entities'), relationships: sum('relationships'), sources: scopes.length },
    estate: () => {
      throw new Error('this estate is open for an import alone')
    },
  }
}
