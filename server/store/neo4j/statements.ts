import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../root.ts'

/** Text of a file in `cypher/`, without its ending: `store/flip`, `apply-entities`. */
export type StatementName = string

const held = new Map<StatementName, string>()

/** The one way query text gets to Neo4j: from a file, whole, by name. */
export function statement(name: StatementName): string {
  let text = held.get(name)
  if (text === undefined) held.set(name, (text = readFileSync(join(packageRoot(), 'cypher', `${name}.cypher`), 'utf8')))
  return text
}

/** A file with several statements, in order. */
export function statements(name: StatementName): readonly string[] {
  return statement(name)
    .split(';\n')
    .filter((text) => text.split('\n').some((line) => line.trim() && !line.startsWith('//')))
}
