import type { BlastReply } from '../../../../graph/wire.ts'
import type { FoldRow, FrontCell, SystemRow } from '../../model/fold.ts'
import { cleanText } from '../../model/clean-name.ts'
import { countsInWords, type Counts } from '../../model/verdict.ts'

type Band = BlastReply['bands'][number]

export const rowName = (row: SystemRow | FoldRow): string =>
  cleanText(row.kind === 'fold' ? row.title : row.system.name)

/** "Payments, within 15 min: 1 breaks, 2 safe after steps". */
export const cellWords = (row: SystemRow | FoldRow, band: Band, cell: FrontCell): string =>
  `${rowName(row)}, ${bandWords(band)}${cell.was ? beforeWords(cell.was, cell) : ''}: ${countsInWords(cell)}`

const beforeWords = (was: Counts, now: Counts): string => {
  const [before, after] = [countsInWords(was), countsInWords(now)]
  return before === after ? '' : `, before ${before === '' ? 'nobody' : before.replaceAll(',', ' and')}, now`
}

function bandWords(band: Band): string {
  const title = band.title.replace(/^≤\s*/, 'within ')
  return title.charAt(0).toLowerCase() + title.slice(1)
}

/** Tier, team, owner under the name of a system. */
export function ownersOf(system: BlastReply['systems'][number]): string {
  if (system.kind === 'unattributed') return 'no owner; use seen, user not known'
  if (system.kind === 'none') return 'belongs to no known system'
  const tier = system.tier === null ? 'no tier' : `tier ${system.tier}`
  return [tier, system.team, system.owner ?? 'owner unknown']
    .filter((part) => part !== null)
    .map((part) => cleanText(part))
    .join(' · ')
}
