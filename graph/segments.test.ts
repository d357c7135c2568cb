import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idOf } from './ids.ts'
import { entityKindNames } from './kinds/entity-kinds.ts'
import { relationshipKindNames } from './kinds/relationship-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from './known.ts'
import { bucketOf, CorruptFacts, factsOf, SEGMENTS, segmentsOf } from './segments.ts'

const word = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' })
const entities = fc.uniqueArray(fc.tuple(word, fc.constantFrom(...entityKindNames), word), {
  selector: ([key]) => key,
  maxLength: 40,
})
const links = fc.array(fc.tuple(fc.constantFrom(...relationshipKindNames), word, word), { maxLength: 40 })
const facts = fc.tuple(entities, links).map(([things, arrows]): KnownFacts => {
  const known = new Map<string, KnownEntity>()
  for (const [key, kind, name] of things)
    known.set(idOf(key), { id: idOf(key), key, kind, name, props: { owner: name } })
  const relationships = new Map<string, KnownRelationship>()
  for (const [kind, from, to] of arrows) {
    const id = idOf(`${kind} ${from} > ${to}`)
    relationships.set(id, { id, kind, from: idOf(from), to: idOf(to), pickup: [0, null] })
  }
  return { entities: known, relationships }
})

const one: KnownEntity = { id: idOf('a'), key: 'a', kind: 'generic.secret', name: 'a' }
const bucket = bucketOf(one.id)
const line = `{"e":${JSON.stringify({ id: one.id, key: 'a', kind: 'generic.secret', name: 'a' })}}\n`

describe('segments', () => {
  it('say what went in, whatever the text', () => {
    fc.assert(
      fc.property(facts, (before) => {
        const after = factsOf(segmentsOf(before))
        expect(after.entities).toEqual(before.entities)
        expect(after.relationships).toEqual(before.relationships)
      }),
    )
  })

  it('are the same text for the same facts in any order', () => {
    fc.assert(
      fc.property(facts, (before) => {
        const turned: KnownFacts = {
          entities: new Map([...before.entities].reverse()),
          relationships: new Map([...before.relationships].reverse()),
        }
        expect([...segmentsOf(turned)]).toEqual([...segmentsOf(before)])
      }),
    )
  })

  it('spread ids evenly: no bucket of 100,000 ids holds twice its share', () => {
    const held = new Array<number>(SEGMENTS).fill(0)
    for (let i = 0; i < 100_000; i++) held[bucketOf(idOf(`thing ${i}`))]!++
    expect(Math.min(...held)).toBeGreaterThan(200)
    expect(Math.max(...held)).toBeLessThan(600)
  })

  it('of one entity are one line, read back', () => {
    expect([...segmentsOf({ entities: new Map([[one.id, one]]), relationships: new Map() })][bucket]!.text).toBe(line)
    expect(factsOf([{ bucket, text: line }]).entities.get(one.id)).toEqual(one)
  })

  it.each([
    ['a line cut off', line.slice(0, -1), 'no end'],
    ['text that is not JSON', '{"e":{"id":\n', 'not JSON'],
    ['a line twice', line + line, 'twice'],
    ['an empty line', `${line}\n`, 'neither'],
    ['a third kind of line', '{"x":{}}\n', 'neither'],
    ['no name', line.replace(',"name":"a"', ''), 'no name'],
    ['a kind that does not exist', line.replace('generic.secret', 'generic.secrex'), 'unknown kind'],
    ['a kind of Object.prototype', line.replace('generic.secret', 'constructor'), 'unknown kind'],
    ['an id that belongs elsewhere', line.replace(one.id, idOf('b')), 'another segment'],
    ['null', '{"e":null}\n', 'not JSON'],
  ])('refuse %s', (_what, text, rule) => {
    expect(() => factsOf([{ bucket, text }])).toThrow(rule)
    expect(() => factsOf([{ bucket, text }])).toThrow(CorruptFacts)
  })
})
