import { dayRanges, EARLIEST, LATEST, MS_A_DAY } from '../../graph/log-days.ts'
import type { Importer, ScopeDeclaration, ScopeSink } from '../importer.ts'
import { fitFact } from './fit-fact.ts'
import type { Limits } from './limits.ts'
import type { Fact, Message, Scope } from './messages.ts'
import { secondNet } from './second-net.ts'

export interface ScopeOutlets {
  sink(importer: Importer, declaration: ScopeDeclaration): ScopeSink
  /** Sends what is left, and the last word on each scope. `incomplete`: importers that could not read a file of theirs. */
  close(incomplete: ReadonlySet<string>): void
}

interface Outlet {
  scope: Scope
  facts: Fact[]
  count: number
  readonly defects: Map<string, { detector: string; field: string; count: number }>
  readonly days: Set<number>
  readonly sink: ScopeSink
}

/** Collects the facts of each scope into messages of bounded size, after the second net. */
export function scopeOutlets(limits: Limits, send: (message: Message) => void): ScopeOutlets {
  const outlets = new Map<string, Outlet>()
  const flush = (outlet: Outlet) => {
    if (outlet.facts.length === 0) return
    send({ type: 'facts', scope: outlet.scope, facts: outlet.facts })
    outlet.facts = []
  }
  const take = (outlet: Outlet, fact: Fact) => {
    const caught = (hit: { detector: string; field: string }) => {
      const key = `${hit.detector} ${hit.field}`
      const defect = outlet.defects.get(key) ?? { ...hit, count: 0 }
      defect.count++
      outlet.defects.set(key, defect)
    }
    const fitting = fitFact(fact, caught)
    const clean = fitting && secondNet(fitting, caught)
    if (!clean) return
    outlet.count++
    outlet.facts.push(clean)
    if (outlet.facts.length >= limits.factsPerMessage) flush(outlet)
  }
  const open = (scope: Scope): Outlet => {
    const days = new Set<number>()
    const outlet: Outlet = {
      scope,
      facts: [],
      count: 0,
      defects: new Map(),
      days,
      sink: {
        entity: (entity) => take(outlet, { entity }),
        relationship: (relationship) => take(outlet, { relationship }),
        observation: (observation) => take(outlet, { observation }),
        heard: (time) => note(days, time),
      },
    }
    return outlet
  }
  return {
    sink(importer, declaration) {
      const key = `${importer.id} ${declaration.id}`
      const known = outlets.get(key)
      if (known) {
        // A scope is whole only if every file that spoke of it said so.
        if (!declaration.complete && known.scope.complete) known.scope = { ...known.scope, complete: false }
        return known.sink
      }
      const { id, title, complete, nature } = declaration
      const outlet = open({
        importer: importer.id,
        id: id.slice(0, 512),
        title: title.slice(0, 512),
        complete,
        nature: nature ?? importer.nature,
      })
      outlets.set(key, outlet)
      return outlet.sink
    },
    close(incomplete) {
      for (const outlet of outlets.values()) {
        if (incomplete.has(outlet.scope.importer)) outlet.scope = { ...outlet.scope, complete: false }
        flush(outlet)
        send({
          type: 'scope',
          scope: outlet.scope,
          facts: outlet.count,
          ...(outlet.days.size > 0 && { days: dayRanges(outlet.days) }),
          defects: [...outlet.defects.values()],
        })
      }
    },
  }
}

const [FROM, TO] = [Date.parse(EARLIEST), Date.parse(LATEST)]

function note(days: Set<number>, time: number): void {
  if (time >= FROM && time < TO) days.add(Math.floor(time / MS_A_DAY))
}
