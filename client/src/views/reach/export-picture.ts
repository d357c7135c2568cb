import { place } from '../../app/place.ts'
import { say } from '../../app/say.ts'
import { savePng, saveSvg, type Picture } from '../../model/save-picture.ts'
import type { Mask } from '../../ui/export-dialog.tsx'
import { reachGraph } from '../../viz/reach-graph.ts'
import { reachSvg } from '../../viz/reach-svg.ts'
import { reachFile } from './export-reach.ts'
import type { ShownReach } from './shown-reach.ts'
import { titleOf } from './reach-words.ts'

function pictureOf(
  { reply, removed, routes, together }: ShownReach,
  mask: Mask,
): { picture: Picture; name: (ending: string) => string } {
  const safe = mask(reply)
  const { mode, opened } = place.peek()
  const picture = reachSvg({
    ...{ reply: safe, graph: reachGraph(safe), removed, routes, mode, opened, ticked: together.ticked.length },
    titles: ({ id }) => titleOf(id, safe.counts.jewels),
    link: location.href,
  })
  return { picture, name: (ending) => reachFile(safe, ending) }
}

export function exportReachSvg(shown: ShownReach, mask: Mask): void {
  const { picture, name } = pictureOf(shown, mask)
  saveSvg(picture, name('svg'))
  say('Picture exported as SVG')
}

export async function exportReachPng(shown: ShownReach, mask: Mask): Promise<void> {
  const { picture, name } = pictureOf(shown, mask)
  await savePng(picture, name('png'))
  say('Picture exported as PNG')
}
