import { z } from 'zod'
import { Bundle, EntityFact, ObservationFact, RelationshipFact } from '../../graph/facts.ts'
import { relationshipKey } from '../../graph/ids.ts'
import { compileEstate, type CompiledEstate } from '../../graph/outage/compile.ts'
import { parseJson, readText } from './read-json.ts'

const Line = z.union([
  z.object({ entity: EntityFact }),
  z.object({ relationship: RelationshipFact }),
  z.object({ observation: ObservationFact }),
  z.object({ format: Bundle.shape.format.unwrap() }),
  z.object({ end: z.unknown() }),
])

/** A bundle file, JSON or NDJSON. Throws `UsageProblem` with the place of the first mistake. */
export function readBundle(file: string): Bundle {
  const text = readText(file)
  const firstLine = text.slice(0, Math.max(0, text.indexOf('\n'))).trim()
  return isWholeValue(firstLine) && text.trim() !== firstLine ? fromLines(text, file) : parseJson(text, Bundle, file)
}

/** NDJSON when the first line is a JSON value by itself. */
function isWholeValue(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function fromLines(text: string, file: string): Bundle {
  const bundle = {
    entities: [] as EntityFact[],
    relationships: [] as RelationshipFact[],
    observations: [] as ObservationFact[],
  }
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return
    const fact = parseJson(line, Line, `${file}:${index + 1}`)
    if ('entity' in fact) bundle.entities.push(fact.entity)
    else if ('relationship' in fact) bundle.relationships.push(fact.relationship)
    else if ('observation' in fact) bundle.observations.push(fact.observation)
  })
  return bundle
}

/** A bundle as it is, nothing derived: what the vectors mean. A use that only a log shows is a relationship too. */
export function compileBundle({ entities, relationships, observations = [] }: Bundle): CompiledEstate {
  const declared = new Set(relationships.map(relationshipKey))
  const seen = new Map<string, RelationshipFact>()
  for (const { kind, from, to, attributed } of observations) {
    const key = relationshipKey({ kind, from, to })
    if (declared.has(key)) continue
    const confidence = attributed === false && seen.get(key)?.confidence !== 'confirmed' ? 'possible' : 'confirmed'
    seen.set(key, { kind, from, to, confidence })
  }
  return compileEstate({ entities, relationships: [...relationships, ...seen.values()] })
}
