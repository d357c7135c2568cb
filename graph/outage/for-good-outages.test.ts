import { expect, it } from 'vitest'
import { compileEstate } from './compile.ts'
import { resolveChange } from './resolve.ts'
import { simulate, simulateAhead, type Outages } from './simulate.ts'

const columns = ({ entities, certain, possible }: Outages) => ({
  entities,
  ...Object.fromEntries(
    Object.entries({ certain, possible }).map(([name, { out, needs, degraded }]) => [name, { out, needs, degraded }]),
  ),
})

/** Large answers leave the board in another way than small ones: of every sort of row there is one in it. */
it('says of thousands what the engine that looks ahead says', () => {
  const count = 6000
  const ids = Array.from({ length: count }, (_, i) => `w${i}`)
  const { estate, change } = {
    estate: compileEstate({
      entities: ['key', 'issuer', ...ids].map((id) => ({ id })),
      relationships: [
        // Struck, and out by its needs as well.
        { kind: 'ISSUED_BY', from: 'key', to: 'issuer', tolerance: [0, 600] },
        ...ids.map((from, i) => ({
          kind: 'USES_CREDENTIAL' as const,
          from,
          to: 'key',
          session: [i % 7, 60 * (i % 11)] as [number, number],
          ...(i % 3 === 0 && { strength: 'soft' as const }),
          ...(i % 5 === 0 && { confidence: 'possible' as const }),
        })),
        ...ids.slice(1000, 2000).map((from, i) => ({
          kind: 'DEPENDS_ON' as const,
          from,
          to: `w${i}`,
          ...(i % 2 === 0 && { strength: 'soft' as const }),
        })),
      ],
    }),
    change: { action: 'revoke' as const, targets: ['key', 'issuer', 'w5'], at: 0, lag: [0, 300] as [number, number] },
  }
  const expected = simulateAhead(estate, resolveChange(estate, change))
  const found = simulate(estate, change)
  expect(found.entities.length).toBeGreaterThan(4096)
  expect(columns(found)).toEqual(columns(expected))
  const degraded = found.possible.degraded.start.filter((start) => start < Infinity)
  expect(degraded.length).toBeGreaterThan(1000)
})
