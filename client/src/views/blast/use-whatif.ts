import { useMemo } from 'preact/hooks'
import { MovesReply, WhatIfReply } from '../../../../graph/wire-acts.ts'
import type { BlastReply } from '../../../../graph/wire.ts'
import { useReply } from '../../api/use-reply.ts'
import { answerAfter, answerOfServer, differenceOf, movedBy } from '../../model/whatif-reply.ts'
import { useSettled } from '../../ui/use-settled.ts'
import { movesUrl, showsBefore, ticks, whatIfUrl } from './blast-queries.ts'

/** After the last tick, before the server is asked. */
const SETTLE_MS = 250

export interface Scenario {
  /** The answer with no step done. */
  readonly base: BlastReply
  /** What is on screen: `base`, or what the ticked steps make of it. */
  readonly shown: BlastReply
  readonly moves: MovesReply | null
  /** Ticked steps that this answer has. */
  readonly ticked: readonly string[]
  /** Whose figures are shown. `waiting`: nobody has any yet. */
  readonly by: 'nobody' | 'table' | 'server' | 'waiting'
  /** One line about what does not fit. */
  readonly note: string | null
  /** The server's list of who moves, once it has said so. */
  readonly served: WhatIfReply | null
}

/**
 * What the ticked steps make of an answer: at once from the move table, asked for beforehand; then as the server says.
 * An answer about another state of the graph is never mixed in: new data does not swap in by itself.
 */
export function useWhatIf(base: BlastReply): Scenario {
  const subject = `${base.subject.id} ${base.op} ${base.snapshot.id}`
  const table = useReply(MovesReply, base.steps.length > 0 ? movesUrl(base) : null, subject)
  const list = ticks.value
  const ticked = useMemo(() => {
    const asked = list.split(',').filter(Boolean)
    return asked.filter((id) => base.steps.some((step) => step.id === id))
  }, [base, list])
  const wanted = ticked.length === 0 ? '' : whatIfUrl(base, ticked)
  const url = useSettled(wanted, SETTLE_MS)
  const said = useReply(WhatIfReply, url === '' ? null : url, url)

  const fits = table.data?.snapshot.id === base.snapshot.id
  const moves = fits ? table.data : null
  const local = useMemo(
    () =>
      moves && ticked.length > 0
        ? { reply: answerAfter(base, moves, ticked), moved: movedBy(base, moves, ticked) }
        : null,
    [base, moves, ticked],
  )
  const isCurrent = url === wanted && said.data?.snapshot.id === base.snapshot.id
  const served = isCurrent ? said.data : null
  const settled = useMemo(() => {
    if (ticked.length === 0) return null
    if (!served) return local && { reply: local.reply, note: null }
    const differs = local ? differenceOf(local.reply, local.moved, served) : null
    if (local && differs === null) return { reply: local.reply, note: null }
    return {
      reply: answerOfServer(base, local?.reply ?? base, served, ticked),
      note: differs === null ? null : `The server counts otherwise, and its figures are shown: ${differs}.`,
    }
  }, [base, local, served, ticked])

  const newer = (table.data && !fits) || (url === wanted && said.data && !isCurrent)
  const failure = url === wanted && !served ? said.failure : null
  const note = newer
    ? 'The graph has changed since this answer; the server’s own count is about the newer one. Refresh to see it.'
    : failure && ticked.length > 0
      ? `Not checked by the server: ${failure.message} ${local ? 'What is shown is worked out from its table of moves.' : ''}`
      : (settled?.note ?? missing(base, list))
  const by = ticked.length === 0 ? 'nobody' : served ? 'server' : local ? 'table' : 'waiting'
  const shown = showsBefore.value || !settled ? base : settled.reply
  return { base, shown, moves, ticked, by, note, served }
}

function missing(base: BlastReply, list: string): string | null {
  const unknown = list.split(',').filter((id) => id !== '' && !base.steps.some((step) => step.id === id))
  if (unknown.length === 0) return null
  return `Ticked in this link, but no step of this answer: ${unknown.slice(0, 3).join(', ')}.`
}
