import type { EntityFact, Evidence } from '../../graph/facts.ts'
import type { ScopeSink } from '../importer.ts'
import { heardDays } from '../read/heard-days.ts'
import type { Use } from './effects.ts'

/** Where an event stands. */
export interface Place {
  readonly file: string
  readonly record: string
}

interface Entry {
  readonly use: Use
  readonly place: Place
  count: number
  first: string | undefined
  last: string | undefined
}

/** Uses by who and what, counted: a log of a gigabyte says the same few thousand things. */
export interface Ledger {
  add(use: Use, at: string | undefined, place: Place): void
  /** The log has an event of this moment, whatever it shows. */
  heard(at: string | undefined): void
  emit(sink: ScopeSink): void
}

export function ledger(): Ledger {
  const entries = new Map<string, Entry>()
  const days = heardDays()
  return {
    heard: days.text,
    add(use, at, place) {
      const key = `${use.kind} ${use.from.id} > ${use.to.id} ${use.note}`
      const entry = entries.get(key)
      if (!entry) return void entries.set(key, { use, place, count: 1, first: at, last: at })
      entry.count++
      if (at === undefined) return
      if (entry.first === undefined || at < entry.first) entry.first = at
      if (entry.last === undefined || at > entry.last) entry.last = at
    },
    emit(sink) {
      days.tell(sink)
      const told = new Set<string>()
      const tell = (fact: EntityFact): void => {
        if (told.has(fact.id)) return
        told.add(fact.id)
        sink.entity(fact)
      }
      for (const { use, place, count, first, last } of entries.values()) {
        tell(use.from)
        tell(use.to)
        const evidence: Evidence = {
          source: 'kubernetes-audit',
          kind: 'observed',
          file: place.file.slice(-1024),
          record: place.record.slice(0, 256),
          count,
          note: use.note,
          ...(first === undefined ? {} : { firstSeen: first }),
          ...(last === undefined ? {} : { lastSeen: last }),
        }
        sink.observation({
          kind: use.kind,
          from: use.from.id,
          to: use.to.id,
          ...(use.attributed ? {} : { attributed: false }),
          evidence,
        })
      }
    },
  }
}
