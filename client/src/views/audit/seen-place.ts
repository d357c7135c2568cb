import type { AuditRow } from '../../../../graph/wire-audit.ts'
import { Operation } from '../../../../graph/wire.ts'
import type { Permission } from '../../../../graph/wire-people.ts'
import { at } from '../../app/place.ts'
import type { Place } from '../../app/url.ts'

interface Shown {
  readonly takes: Permission
  readonly place: (params: Readonly<Record<string, string>>, query: Readonly<Record<string, string>>) => Place | null
}

const isId = (text: string | undefined): text is string => text !== undefined && /^[a-z0-9]{1,16}$/.test(text)
const ofThing =
  (view: Place['view']): Shown['place'] =>
  ({ id }) =>
    isId(id) ? at(view, id) : null

const blast: Shown['place'] = ({ id }, { op }) =>
  isId(id) ? { ...at('blast', id), op: Operation.safeParse(op).data ?? null } : null
const plan: Shown['place'] = ({ id, credential }) =>
  isId(id) ? at('cutover', id, isId(credential) ? credential : '') : null

const signing: Shown['place'] = ({ id }, { credential }) =>
  isId(id) ? (isId(credential) ? { ...at('cutover', id, credential), tab: 'sign' } : at('cutover', id)) : null

/** Which screen asks what is asked at a route. */
const shownAt: Readonly<Record<string, Shown>> = {
  'GET /api/blast/{id}': { takes: 'map.read', place: blast },
  'GET /api/blast/{id}/items': { takes: 'map.read', place: blast },
  'GET /api/reach/{id}': { takes: 'map.read', place: ofThing('reach') },
  'GET /api/nodes/{id}': { takes: 'map.read', place: ofThing('node') },
  'GET /api/map/{id}': { takes: 'map.read', place: ofThing('map') },
  'GET /api/map': { takes: 'map.read', place: () => at('map') },
  'GET /api/estate': { takes: 'map.read', place: () => at('estate') },
  'GET /api/plans': { takes: 'plan.read', place: () => at('cutover') },
  'GET /api/plans/{id}': { takes: 'plan.read', place: plan },
  'PATCH /api/plans/{id}': { takes: 'plan.read', place: plan },
  'GET /api/plans/{id}/runbook/{credential}': { takes: 'plan.read', place: plan },
  'GET /api/plans/{id}/signoffs': { takes: 'plan.read', place: signing },
  'GET /api/runbook/{id}': { takes: 'map.read', place: blast },
}

/** The screen as it stood for whoever asked, pinned to his snapshot; `null`: none, or not for this reader. */
export function seenPlace({ detail }: AuditRow, may: readonly Permission[]): Place | null {
  const shown = detail.route === undefined ? undefined : shownAt[detail.route]
  if (!shown || !may.includes(shown.takes)) return null
  const place = shown.place(detail.params ?? {}, detail.query ?? {})
  return place && { ...place, snap: detail.snapshot ?? '' }
}
