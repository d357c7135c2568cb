import { place, pushHere } from '../../app/place.ts'
import { openDrawer } from '../../ui/panel.tsx'
import { PAGE, type StackMark } from '../../viz/reach-layout.ts'

/** Chooses a box, a row or an item of a list, and shows it in the panel; once more lets it go. */
export function choose(id: string): void {
  const chosen = place.peek().selected === id
  pushHere({ selected: chosen ? '' : id, tab: chosen ? '' : 'selection' })
  if (!chosen) openDrawer()
}

/** Opens a stacked card in place, 25 a page; after the last page it closes. */
export function toggleStack(mark: StackMark): void {
  const { opened } = place.peek()
  const others = opened.filter((one) => one !== mark.id && !one.startsWith(`${mark.id}*`))
  const pages = Math.ceil(mark.shown / PAGE) + 1
  const all = mark.opened && (mark.shown >= mark.nodes.length || pages > 8)
  pushHere({ opened: all ? others : [...others, pages === 1 ? mark.id : `${mark.id}*${pages}`] })
}
