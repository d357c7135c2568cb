import { linkHorizontal } from 'd3'
import type { AroundReply, MapGroup, MapThing, Nature } from '../../../../graph/wire-map.ts'

/** Heights, px. Targets are never under 24. */
export const heights = { nature: 30, group: 34, thing: 42, pager: 34, focus: 148 } as const
/** Elements one picture may have (client.md section 11). */
export const MOST_ELEMENTS = 1_500
/** Gutters are drawn in a box of this width and stretched to theirs. */
export const GUTTER = 100

export type Line = 'observed' | 'declared' | 'implied'

interface Placed {
  readonly top: number
  readonly height: number
}
export type MapBox = Placed &
  (
    | { readonly box: 'nature'; readonly id: string; readonly nature: Nature }
    | { readonly box: 'group'; readonly id: string; readonly group: MapGroup }
    | { readonly box: 'thing'; readonly id: string; readonly group: MapGroup; readonly thing: MapThing }
    | { readonly box: 'pager'; readonly id: string; readonly group: MapGroup }
  )

export interface MapPath {
  /** Id of the box it belongs to. */
  readonly id: string
  readonly d: string
  readonly line: Line
  /** Stroke width, px: of a folded group by the root of its count. */
  readonly width: number
  /** One of so many that it is drawn lighter than a line that stands alone. */
  readonly dense: boolean
  /** How many lines this one stands for; 1: itself. */
  readonly bundle: number
}

/** Lines a side draws one by one; beyond, each open group is one bundle. */
export const MOST_LINES = 40
/** Lines of one group that stand close enough to be drawn lighter. */
const DENSE = 8

export interface MapColumn {
  readonly boxes: readonly MapBox[]
  readonly paths: readonly MapPath[]
  readonly height: number
  /** Lines that are drawn as part of a bundle. */
  readonly bundled: number
}

export interface MapLayout {
  readonly up: MapColumn
  readonly down: MapColumn
  readonly height: number
  readonly focusTop: number
}

/**
 * Where everything stands, from the answer alone: each column from the top in the order of the answer, so that opening
 * a group moves nothing above it and nothing in the other column. One path a thing that is shown, one a folded group; where
 * a side has more than `MOST_LINES`, one a group. `focusDown`: px the page is scrolled, which only the focus follows.
 */
export function mapLayout(reply: Pick<AroundReply, 'groups'>, focusDown = 0): MapLayout {
  const up = columnOf(reply.groups.filter(({ side }) => side === 'up'))
  const down = columnOf(reply.groups.filter(({ side }) => side === 'down'))
  const least = heights.nature
  const height = Math.max(up.height, down.height, least + heights.focus)
  // The focus follows who scrolls and never leaves its column.
  const focusTop = Math.min(least + Math.max(0, focusDown), height - heights.focus)
  const drawn = (boxes: readonly MapBox[], side: 'up' | 'down'): MapColumn => ({
    boxes,
    height,
    ...pathsOf(boxes, side, focusTop),
  })
  const layout = { up: drawn(up.boxes, 'up'), down: drawn(down.boxes, 'down'), height, focusTop }
  const elements = layout.up.paths.length + layout.down.paths.length
  if (elements > MOST_ELEMENTS) throw new Error(`${elements} elements in one picture`)
  return layout
}

function columnOf(groups: readonly MapGroup[]): { boxes: MapBox[]; height: number } {
  const boxes: MapBox[] = []
  let top = 0
  const put = (box: { [B in MapBox as B['box']]: Omit<B, keyof Placed> }[MapBox['box']]): void => {
    const height = heights[box.box]
    boxes.push({ ...box, top, height } as MapBox)
    top += height
  }
  let nature: Nature | null = null
  for (const group of groups) {
    if (group.nature !== nature) put({ box: 'nature', id: `${group.side}.${group.nature}`, nature: group.nature })
    nature = group.nature
    put({ box: 'group', id: group.id, group })
    for (const thing of group.things) put({ box: 'thing', id: `${group.id} ${thing.id}`, group, thing })
    if (group.page > 0 && group.pages > 1) put({ box: 'pager', id: `${group.id} pages`, group })
  }
  return { boxes, height: top }
}

const link = linkHorizontal<{ source: [number, number]; target: [number, number] }, [number, number]>()

function pathsOf(
  boxes: readonly MapBox[],
  side: 'up' | 'down',
  focusTop: number,
): { paths: MapPath[]; bundled: number } {
  const single = boxes.filter(({ box, ...rest }) => box === 'thing' || (box === 'group' && isFolded(rest)))
  const isBundled = single.length > MOST_LINES
  const joined = isBundled ? boxes.filter(({ box }) => box === 'group') : single
  const paths = joined.map((box, i): MapPath => {
    const y = box.top + box.height / 2
    // Ends are spread over the height of the focus in the order of the column, so that no two cross.
    const port = focusTop + 14 + ((heights.focus - 28) * (i + 0.5)) / joined.length
    const here: [number, number] = [side === 'up' ? 0 : GUTTER, y]
    const there: [number, number] = [side === 'up' ? GUTTER : 0, port]
    const ends = side === 'up' ? { source: here, target: there } : { source: there, target: here }
    const bundle = box.box === 'group' && box.group.page > 0 ? box.group.things.length : 1
    return {
      ...{ id: box.id, d: link(ends) ?? '', line: lineOf(box), width: widthOf(box), bundle },
      dense: box.box === 'thing' && box.group.things.length > DENSE,
    }
  })
  return { paths, bundled: isBundled ? paths.reduce((sum, { bundle }) => sum + (bundle > 1 ? bundle : 0), 0) : 0 }
}

const isFolded = (box: object): boolean => 'group' in box && (box.group as MapGroup).page === 0

const lineOrder = ['observed', 'declared', 'asserted', 'inferred'] as const

/** Solid where a log shows it, dashed where a document or a person says so, dotted where it was deduced or is implied. */
function lineOf(box: MapBox): Line {
  if (box.box === 'group') return box.group.implied === box.group.count ? 'implied' : 'declared'
  if (box.box !== 'thing' || box.thing.implied) return 'implied'
  const best = lineOrder.find((strength) => box.thing.edges.some((edge) => edge.strength === strength))
  return best === 'observed' ? 'observed' : best === 'inferred' || best === undefined ? 'implied' : 'declared'
}

const widthOf = (box: MapBox): number =>
  box.box === 'group' ? Math.round(Math.min(8, 1 + Math.sqrt(box.group.count) / 2) * 10) / 10 : 1.4
