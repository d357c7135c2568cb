import { describe, expect, it } from 'vitest'
import type { MapGroup } from '../../../../graph/wire-map.ts'
import { heights, mapLayout, MOST_ELEMENTS } from './map-layout.ts'

const thing = (n: number): MapGroup['things'][number] => ({
  ...{ id: `t${n}`, kind: 'k8s.deployment', title: 'Deployment', role: 'workload', name: `app ${n}` },
  ...{ edges: [], implied: null, onward: 0 },
})
const group = (side: 'up' | 'down', n: number, open: number): MapGroup => ({
  ...{ id: `${side}.needs.${n}`, side, nature: 'needs', kind: 'k8s.deployment', title: `Kind ${n}`, count: 400 },
  ...{
    implied: 0,
    page: open > 0 ? 1 : 0,
    pages: 16,
    things: Array.from({ length: open }, (_, i) => thing(n * 100 + i)),
  },
})

describe('the layout of the map', () => {
  it('moves nothing above an opened group, nor anything of the other column', () => {
    const of = (open: number) => mapLayout({ groups: [group('up', 1, 2), group('down', 1, 0), group('down', 2, open)] })
    const [folded, opened] = [of(0), of(25)]
    expect(opened.up.boxes).toEqual(folded.up.boxes)
    expect(opened.down.boxes.slice(0, 2)).toEqual(folded.down.boxes.slice(0, 2))
    expect(opened.focusTop).toBe(folded.focusTop)
  })

  it('draws one path a thing and one a folded group, and boxes do not overlap', () => {
    const { down } = mapLayout({ groups: [group('down', 1, 3), group('down', 2, 0)] })
    expect(down.paths.map(({ id }) => id)).toEqual([
      'down.needs.1 t100',
      'down.needs.1 t101',
      'down.needs.1 t102',
      'down.needs.2',
    ])
    down.boxes.forEach((box, i) => {
      expect(box.height).toBe(heights[box.box])
      expect(box.top).toBe(i === 0 ? 0 : down.boxes[i - 1]!.top + down.boxes[i - 1]!.height)
    })
  })

  it('beyond what can be told apart one line a group is drawn, and says for how many it stands', () => {
    const many = (count: number): MapGroup[] => Array.from({ length: count }, (_, n) => group('down', n, 25))
    const { down } = mapLayout({ groups: many(20) })
    expect(down.paths.length).toBe(20)
    expect(down.bundled).toBe(500)
    expect(mapLayout({ groups: many(1) }).down.bundled).toBe(0)
    expect(mapLayout({ groups: many(1) }).down.paths.every(({ dense }) => dense)).toBe(true)
    expect(() => mapLayout({ groups: many(MOST_ELEMENTS + 1) })).toThrow(/elements in one picture/)
  })

  it('the focus alone follows who scrolls, and never leaves its column', () => {
    const groups = [group('down', 1, 25)]
    const [top, far] = [mapLayout({ groups }), mapLayout({ groups }, 1e6)]
    expect(far.down.boxes).toEqual(top.down.boxes)
    expect(far.focusTop).toBe(far.height - heights.focus)
  })
})
