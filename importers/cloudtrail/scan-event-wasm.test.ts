import { existsSync, readFileSync } from 'node:fs'
import { env, stderr } from 'node:process'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { useKernels } from '../read/kernel.ts'
import { field, FIELDS } from './event-fields.ts'
import { eventScanInMemory } from './scan-event-wasm.ts'
import { eventScan, type EventScan } from './scan-event.ts'

useKernels((name) => {
  const path = `dist/kernels/${name}.wasm`
  return existsSync(path) ? readFileSync(path) : undefined
})
const lists = ['Records', 'events']
const LONGEST = 40
const kernel = eventScanInMemory(lists, LONGEST)
const script = eventScan(lists, LONGEST)
if (kernel === undefined && env.CI !== 'true')
  stderr.write('SKIPPED: the kernel of CloudTrail is not built (node server/bin/build.mjs --server)\n')

const encoder = new TextEncoder()

/**
 * Objects inside who calls: noted while he is read, so that a second one is seen, and not when he was known at one look.
 * Nobody asks for them, and which callers are still known is each scanner's own chance.
 */
const insideCaller = new Set([
  ...[field.sessionContext, field.sessionIssuer, field.attributes],
  ...[field.webIdFederationData, field.inScopeOf, field.onBehalfOf],
])

/** Where the object ends, and the texts of the fields that were found in it. */
function found(scan: EventScan, bytes: Uint8Array, start: number, limit: number) {
  scan.begin()
  const end = scan.scan(bytes, start, limit, start)
  if (end < 0) return { end }
  const texts: (string | number)[] = []
  for (let number = 0; number < FIELDS; number++) {
    if (insideCaller.has(number)) continue
    const from = scan.starts[number]!
    texts.push(from < 0 ? Math.max(from, -3) : Buffer.from(scan.bytes().slice(from, scan.ends[number])).toString('hex'))
  }
  return { end, texts: texts.map((text) => (text === -2 ? -1 : text)) }
}

const text = fc.oneof(fc.string({ maxLength: 60 }), fc.constantFrom('é', 'a\\b', '"', 'x'.repeat(39), 'x'.repeat(41)))
const identity = fc.record(
  {
    type: fc.constantFrom<unknown>('AssumedRole', 'IAMUser', 7, null),
    principalId: fc.constantFrom('AROAEXAMPLE00001:worker', 'AROAEXAMPLE00001:wordier'),
    accessKeyId: fc.constantFrom('ASIAEXAMPLE00000001', 'ASIAEXAMPLE00000002', ''),
    sessionContext: fc.constantFrom<unknown>(
      { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/a' } },
      { attributes: { creationDate: 'x' } },
      [],
    ),
  },
  { requiredKeys: [] },
)
const event = fc.record(
  {
    eventID: text,
    eventName: text,
    userIdentity: fc.oneof({ weight: 4, arbitrary: identity }, fc.constantFrom<unknown>(null, [], 'x')),
    requestParameters: fc.oneof(
      fc.dictionary(fc.constantFrom('roleArn', 'name', 'names', 'tags', 'other'), fc.jsonValue({ maxDepth: 3 })),
      fc.constantFrom<unknown>(null, { secretId: 'x'.repeat(50) }, { encryptionContext: { SecretARN: 's' } }),
    ),
    responseElements: fc.constantFrom<unknown>(null, { credentials: { accessKeyId: 'ASIA' } }, 'x'),
    resources: fc.jsonValue({ maxDepth: 2 }),
    other: fc.jsonValue({ maxDepth: 5 }),
    Records: fc.constant([]),
  },
  { requiredKeys: ['eventID', 'userIdentity'] },
)
const change = fc.tuple(
  fc.nat(),
  fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...'"{}[],:\\ \n0-+.eEtfnu\u0001'.split(''))),
)

describe.runIf(kernel !== undefined)('the kernel finds what its twin finds', () => {
  test.prop([fc.array(event, { minLength: 1, maxLength: 12 }), fc.constantFrom('', ' ', '\n\t'), fc.nat()], {
    numRuns: 150,
  })('in events, however they are written', (events, blank, cut) => {
    for (const one of events) {
      const bytes = encoder.encode(`[${JSON.stringify(one, null, blank)}   `)
      for (const limit of [bytes.length, 1 + (cut % bytes.length)])
        expect(found(kernel!, bytes, 1, limit)).toEqual(found(script, bytes, 1, limit))
    }
  })
  test.prop([event, fc.array(change, { minLength: 1, maxLength: 3 })], {
    numRuns: 400,
  })('in damage', (one, changes) => {
    const bytes = encoder.encode(JSON.stringify(one))
    for (const [at, put] of changes)
      bytes[1 + (at % (bytes.length - 1))] = typeof put === 'number' ? put : put.charCodeAt(0)
    expect(found(kernel!, bytes, 0, bytes.length)).toEqual(found(script, bytes, 0, bytes.length))
  })
  it('in who calls, where little follows him', () => {
    for (const who of ['{}', '{"type":"IAMUser"}', 'null']) {
      const bytes = encoder.encode(`{"eventID":"e","userIdentity":${who}}`)
      for (const before of ['', `${'x'.repeat(700)}`]) {
        const longer = encoder.encode(
          `{"eventID":"${before}","userIdentity":{"type":"AssumedRole","accessKeyId":"ASIA"}}`,
        )
        found(kernel!, longer, 0, longer.length)
        expect(found(kernel!, bytes, 0, bytes.length), who).toEqual(found(script, bytes, 0, bytes.length))
      }
    }
  })
  it('in objects behind one another, and in one longer than what is copied at once', () => {
    const long = JSON.stringify({
      eventID: 'a',
      other: 'y'.repeat(300_000),
      eventName: 'b',
    })
    const bytes = encoder.encode(`${long},{"eventID":"c"}`)
    kernel!.begin()
    expect(kernel!.scan(bytes, 0, bytes.length, 7)).toBe(long.length)
    expect(kernel!.scan(bytes, long.length + 1, bytes.length, 7 + long.length + 1)).toBe(bytes.length)
    expect(found(kernel!, bytes, 0, bytes.length)).toEqual(found(script, bytes, 0, bytes.length))
  })
  it('in numbers, words and depths', () => {
    const values = [
      '0',
      '-0.5e+9',
      '01',
      '-',
      '1.',
      '1e',
      'true',
      'nul',
      'falsex',
      'truefalse',
      '{"a":}',
      '[1,]',
      '"\\u12g4"',
    ]
    values.push(
      '['.repeat(99) + ']'.repeat(99),
      '['.repeat(101) + ']'.repeat(101),
      '{"a":'.repeat(100) + '1' + '}'.repeat(100),
    )
    for (const value of values) {
      const bytes = encoder.encode(`{"eventID":"e","other":${value}}`)
      expect(found(kernel!, bytes, 0, bytes.length), value).toEqual(found(script, bytes, 0, bytes.length))
    }
  })
})

it.runIf(env.CI === 'true')('is built where everything is checked', () => expect(kernel).toBeDefined())
