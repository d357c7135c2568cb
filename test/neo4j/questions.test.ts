import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { canonical } from '../../graph/canonical.ts'
import type { KnownFacts } from '../../graph/known.ts'
import { idOf } from '../../graph/ids.ts'
import { relationshipKinds } from '../../graph/kinds/relationship-kinds.ts'
import { openNeo4jStore } from '../../server/store/neo4j/store.ts'
import { writeScope } from '../../server/store/scope-facts.ts'
import { draftOf } from '../store/small-estate.ts'
import { answers, columns } from './answers.ts'
import { describeNeo4j, emptyDatabase, neo4jForTests, query } from './database.ts'
import { questionEstate } from './question-estate.ts'

const root = join(import.meta.dirname, '../../cypher')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.cypher'))
  .sort()
const questions = files.filter((name) => name.startsWith('questions/')).map((name) => name.slice(10, -7))
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const question = (name: string): string => read(`questions/${name}.cypher`)
const parametersOf = (text: string): string[] => [
  ...new Set([...text.replace(/^\/\/.*$/gm, '').matchAll(/\$([a-zA-Z]+)/g)].map(([, name]) => name!)),
]

describe('cypher/', () => {
  it.each(files)('%s says what it does, with what, and gives what', (name) => {
    const text = read(name)
    const header = text
      .split('\n')
      .filter((line) => line.startsWith('//'))
      .join(' ')
    expect(header).toMatch(/Params: .+ Returns: .+\./)
    for (const parameter of parametersOf(text)) expect([name, header.includes(`$${parameter}`)]).toEqual([name, true])
  })

  it('asks for reach over every kind that compromise travels along', () => {
    const asked = /\[:([A-Z_|]+)\*1\.\.\]/.exec(question('what-may-a-workload-reach'))![1]!.split('|').sort()
    const along = Object.entries(relationshipKinds).filter(([, { reaches }]) => reaches === 'along')
    expect(asked).toEqual(along.map(([kind]) => kind).sort())
  })
})

describeNeo4j('the questions, on a real Neo4j', () => {
  beforeAll(async () => {
    await emptyDatabase()
    await (await openNeo4jStore(neo4jForTests)).close()
  })

  it.each(files)('%s is understood', async (name) => {
    for (const text of read(name)
      .split(';\n')
      .filter((part) => /^[A-Z]/m.test(part))) {
      const nothing = Object.fromEntries(parametersOf(text).map((parameter) => [parameter, null]))
      await query(`EXPLAIN ${text}`, nothing)
    }
  })

  // Listing every path takes for ever on a dense estate.
  it('walks to each thing once when it asks for reach', async () => {
    const rows = await query(`EXPLAIN ${question('what-may-a-workload-reach')}`, { workload: '' })
    expect(rows).toEqual([])
    expect(await planOf(question('what-may-a-workload-reach'), { workload: '' })).toContain('Pruning')
  })

  it('answer what the facts say', async () => {
    const seed = Number(process.env['KEYFALL_SEED'] ?? Date.now() % 1e9)
    console.log(`questions seed ${seed}`)
    expect(Object.keys(answers).sort()).toEqual(questions.filter((name) => name !== 'is-this-whole'))
    const store = await openNeo4jStore(neo4jForTests)
    const rowsSeen = new Map<string, number>()
    let generation = 0
    for (const facts of telling(seed)) {
      const written = await writeScope(store, draftOf('a'), facts, generation)
      if (written.changed) generation = written.head.generation
      await store.projected()
      for (const [name, answer] of Object.entries(answers)) {
        const text = question(name)
        const { parameters, about } = askedOf(text)
        for (const key of about) {
          const rows = await query(text, { vendor: null, [parameters[0] ?? 'none']: key })
          rowsSeen.set(name, (rowsSeen.get(name) ?? 0) + rows.length)
          const got = rows.map((row) => columns[name]!.map((column) => sortedList(row[column])))
          const expected = answer(facts, idOf(key)).map((row) => (Array.isArray(row) ? row.map(sortedList) : [row]))
          expect({ name, key, rows: asSet(got) }).toEqual({ name, key, rows: asSet(expected) })
        }
      }
    }
    await store.close()
    for (const [name, rows] of rowsSeen) expect([name, rows > 0]).toEqual([name, true])
  }, 240_000)
})

const asSet = (rows: readonly unknown[]): readonly string[] => [...new Set(rows.map((row) => canonical(row)))].sort()
const sortedList = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value)

async function planOf(text: string, parameters: Record<string, unknown>): Promise<string> {
  const { default: neo4j } = await import('neo4j-driver')
  const driver = neo4j.driver(
    neo4jForTests.uri,
    neo4jForTests.user === undefined ? undefined : neo4j.auth.basic(neo4jForTests.user, neo4jForTests.password ?? ''),
  )
  try {
    const { summary } = await driver.executeQuery(`EXPLAIN ${text}`, parameters)
    return canonical(JSON.parse(JSON.stringify(summary.plan)))
  } finally {
    await driver.close()
  }
}

const ESTATES = 4
const MOST = 300

/** What a question is asked about: the keys that the random estates use, or nothing. */
function askedOf(text: string): { readonly parameters: readonly string[]; readonly about: readonly string[] } {
  const parameters = parametersOf(text).filter((parameter) => parameter !== 'vendor')
  const kind = parameters[0] === 'workload' ? 'job' : 'key'
  return { parameters, about: parameters.length ? Array.from({ length: 5 }, (_, i) => `${kind} ${i}`) : [''] }
}

/** A few random estates, and of many more those that have an answer to a question to which the others have none. */
function telling(seed: number): KnownFacts[] {
  const open = new Set(Object.keys(answers))
  const chosen: KnownFacts[] = []
  for (const facts of fc.sample(questionEstate, { numRuns: MOST, seed })) {
    const told = [...open].filter((name) =>
      askedOf(question(name)).about.some((key) => answers[name as keyof typeof answers]!(facts, idOf(key)).length > 0),
    )
    if (chosen.length >= ESTATES && told.length === 0) continue
    chosen.push(facts)
    for (const name of told) open.delete(name)
    if (chosen.length >= ESTATES && open.size === 0) break
  }
  return chosen
}
