import { it } from 'vitest'
import { seeded } from '../faults/seed.ts'
import { sameAsModel } from '../store/model.ts'
import { describeNeo4j, neo4jPlace } from './database.ts'

/** Each run empties a database and makes some hundred transactions: a sixteenth of what the embedded store is put through. */
const RUNS = Number(process.env['KEYFALL_MODEL_RUNS'] ?? 30)

describeNeo4j('M1 on a real Neo4j', () => {
  it(`stands as the model does (${RUNS} runs)`, async () => {
    await sameAsModel(neo4jPlace, RUNS, seeded('M1 Neo4j').seed)
  }, 300_000)
})
