import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { BlastReply } from '../../../graph/wire.ts'
import { blastOf } from '../../../test/browser/answers.ts'
import { worldNames, worldOf } from '../../../test/browser/worlds.ts'
import { barParts, frontForm, SVG_LIMIT } from './cell-form.ts'
import { foldRows, ROW_LIMIT, sumCells, systemRows, type FrontRow } from './fold.ts'
import { frontWords, happenedBy, stopAt, stopsOf } from './front-position.ts'
import { total } from './verdict.ts'

const worlds = worldNames
  .filter((name) => name !== 'empty' && name !== 'unseen')
  .map((name) => blastOf(worldOf(name), 'revoke'))
const drawn = (rows: readonly FrontRow[]) => rows.flatMap((row) => (row.kind === 'more' ? [] : [row]))

describe.each(worlds.map((reply) => [reply.snapshot.id, reply] as const))('%s', (_, reply) => {
  const rows = systemRows(reply)

  it('is a reply of the shape the server promises', () => {
    expect(BlastReply.safeParse(reply).success).toBe(true)
  })

  it('draws every dependant exactly once, folded or not', () => {
    const folded = drawn(foldRows(rows, []))
    expect(folded.reduce((sum, row) => sum + total(sumCells(row.cells)), 0)).toBe(reply.counts.dependents)
    expect(folded.length).toBeLessThanOrEqual(ROW_LIMIT)
  })

  it('orders by tier, with unattributed use last', () => {
    const tiers = rows.map((row) => (row.system.kind === 'system' ? (row.system.tier ?? 99) : 100))
    expect(tiers).toEqual(tiers.toSorted((a, b) => a - b))
    const last = rows.findIndex((row) => row.system.kind === 'unattributed')
    expect([-1, rows.length - 1]).toContain(last)
  })

  it.each([76, 100, 128, 220])('stays under the ceiling of elements in columns of %i px', (width) => {
    const front = foldRows(rows, ['tier-3', 'tier-4'])
    const form = frontForm(front, width)
    const cells = drawn(front).flatMap((row) => row.cells.filter((cell) => cell !== null))
    const glyphs = cells.filter((cell) => total(cell) <= form.glyphsAtMost)
    expect(glyphs.reduce((sum, cell) => sum + total(cell) + 1, 0)).toBeLessThanOrEqual(SVG_LIMIT)
    for (const cell of cells) {
      const length = form.barLength(total(cell))
      expect(length).toBeLessThanOrEqual(Math.max(36, width - 24) + 0.001)
      expect(barParts(cell, length).length).toBeGreaterThan(0)
    }
  })

  it('breaks no less the further the front has come, and all at its end', () => {
    const stops = Array.from({ length: stopsOf(reply.bands) }, (_unused, stop) => happenedBy(reply, stop).broken)
    expect(stops).toEqual(stops.toSorted((a, b) => a - b))
    expect(stops.at(-1)).toBe(reply.counts.breaks)
  })
})

const big = worlds.find((reply) => reply.counts.dependents === 10_000)!

describe('a fold', () => {
  it('opens in place, 40 systems at a time, and says how many are left', () => {
    const rows = systemRows(big)
    const closed = foldRows(rows, [])
    const opened = foldRows(rows, ['tier-3'])
    const more = opened.find((row) => row.kind === 'more')!
    expect(drawn(opened).length).toBe(closed.length + 40)
    expect(more.left).toBe(rows.filter((row) => row.system.tier === 3).length - 40)
    expect(foldRows(rows, [more.id]).length).toBeGreaterThan(opened.length)
  })

  test.prop([fc.array(fc.stringMatching(/^tier-(none|[0-9])(\*[0-9]{1,2})?$/), { maxLength: 4 })])(
    'keeps the order of rows, whatever is open',
    (open) => {
      const order = systemRows(big).map((row) => row.id)
      const shown = foldRows(systemRows(big), open).flatMap((row) =>
        row.kind === 'system' ? [order.indexOf(row.id)] : [],
      )
      expect(shown).toEqual(shown.toSorted((a, b) => a - b))
    },
  )
})

it('says where the front stands in words that a reader hears', () => {
  const std = worlds.find((reply) => reply.snapshot.id === 'std-1')!
  expect(frontWords(std, stopAt(std.bands, '15m'))).toBe('15 min after: 6 of 67 broken in 4 systems')
  expect(frontWords(std, stopAt(std.bands, 'restart'))).toBe('After next deploy: 14 of 67 broken in 8 systems')
  expect(stopAt(std.bands, 'no-such-band')).toBe(0)
})
