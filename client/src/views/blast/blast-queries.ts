import { computed, signal } from '@preact/signals'
import type { BlastReply, Operation } from '../../../../graph/wire.ts'
import { place } from '../../app/place.ts'
import { stopAt } from '../../model/front-position.ts'
import { frontGroupings, type FrontGrouping } from '../../model/fold.ts'

/** Parts of the place, each on its own, so that moving the front redraws nothing but the front. */
export const op = computed(() => place.value.op)
export const bandId = computed(() => place.value.t)
export const cellId = computed(() => place.value.cell)
export const chosenWhy = computed(() => place.value.why)
export const whyPath = computed(() => place.value.whyPath)
export const shows = computed(() => place.value.shows)
export const tab = computed(() => place.value.tab)
export const openedFolds = computed(() => place.value.opened.join(','))
export const ticks = computed(() => place.value.ticked.join(','))
export const diffOn = computed(() => place.value.diff)
/** While it is held, the picture is that without any step; not worth a place in the address. */
export const showsBefore = signal(false)
/** What rows stand for; groupings that the front does not have are by system. */
export const grouping = computed<FrontGrouping>(
  () => frontGroupings.find((name) => name === place.value.group) ?? 'system',
)
export const filter = computed(() => place.value.verdicts.join(','))

const withOp = (path: string, asked: Operation | null, extra: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams(asked === null ? extra : { op: asked, ...extra }).toString()
  return query === '' ? path : `${path}?${query}`
}

export const blastUrl = (id: string): string => withOp(`/api/blast/${id}`, op.value)
/** Details are asked about the operation that the picture shows, also while another is being computed. */
export const whyUrl = (reply: BlastReply, dependent: string): string =>
  withOp(`/api/blast/${reply.subject.id}/why/${dependent}`, reply.op)
export const itemsUrl = (reply: BlastReply, extra: Readonly<Record<string, string>>): string =>
  withOp(`/api/blast/${reply.subject.id}/items`, reply.op, extra)
export const movesUrl = (reply: BlastReply): string => withOp(`/api/blast/${reply.subject.id}/moves`, reply.op)
export const whatIfUrl = (reply: BlastReply, ticked: readonly string[]): string =>
  withOp(`/api/blast/${reply.subject.id}/whatif`, reply.op, { steps: ticked.join(',') })

/** Dependant whose path is shown: the chosen one, else the one the headline names. */
export const whyOf = (reply: BlastReply): string | null =>
  chosenWhy.value === 'none' ? null : chosenWhy.value !== '' ? chosenWhy.value : (reply.headline.first?.id ?? null)

/** Index of the band behind which the front stands. */
export const stopOf = (reply: BlastReply): number => stopAt(reply.bands, bandId.value)
