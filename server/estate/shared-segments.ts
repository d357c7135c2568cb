import type { KnownFacts } from '../../graph/known.ts'
import { CorruptFacts, startReading } from '../../graph/segments.ts'
import type { ImportId, Store } from '../store/contract.ts'
import { StoreError } from '../store/errors.ts'

/** The segments of one import, one after the other, where every thread can read them and none has to copy them. */
export interface SharedSegments {
  readonly importId: ImportId
  readonly bytes: SharedArrayBuffer
  /** Where each segment ends, by bucket. */
  readonly ends: readonly number[]
}

/** Takes an import out of the store, each segment verified against its hash. Throws `CorruptSegment`. */
async function shareSegments(store: Store, importId: ImportId): Promise<SharedSegments> {
  const whole = await store.readWhole?.(importId)
  if (whole) return { importId, ...whole }
  const segments: Uint8Array[] = []
  for await (const { bytes } of store.readSegments(importId)) segments.push(bytes)
  const ends: number[] = []
  let length = 0
  for (const bytes of segments) ends.push((length += bytes.length))
  const shared = new SharedArrayBuffer(length)
  const all = new Uint8Array(shared)
  for (const [bucket, bytes] of segments.entries()) all.set(bytes, ends[bucket]! - bytes.length)
  return { importId, bytes: shared, ends }
}

/** The segments of one import, which are read when they are needed. Both throw `CorruptSegment`. */
export interface LaterSegments {
  /** Lets others run in between. */
  load(): Promise<void>
  /** At once, where they were not loaded. */
  now(): SharedSegments
}

/** Those that are in memory already. */
export function segmentsHere(segments: SharedSegments): LaterSegments {
  return { load: async () => {}, now: () => segments }
}

export function laterSegments(store: Store, importId: ImportId): LaterSegments {
  let segments: SharedSegments | undefined
  return {
    async load() {
      segments ??= await shareSegments(store, importId)
    },
    now() {
      if (segments) return segments
      const whole = store.beside?.readNow(importId)
      if (!whole) throw new StoreError('CorruptSegment', `Import ${importId} is not stored: it was pruned.`)
      return (segments = { importId, ...whole })
    },
  }
}

/** What they say. Throws `CorruptSegment`. */
export function factsOfShared({ importId, bytes, ends }: SharedSegments): KnownFacts {
  const reader = startReading()
  try {
    let from = 0
    for (const [bucket, end] of ends.entries()) {
      reader.read({ bucket, text: Buffer.from(bytes, from, end - from).toString('utf8') })
      from = end
    }
  } catch (error) {
    if (!(error instanceof CorruptFacts)) throw error
    throw new StoreError('CorruptSegment', `Import ${importId}: ${error.message}.`)
  }
  return reader.facts()
}
