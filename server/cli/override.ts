import { relationshipKinds } from '../../graph/kinds/relationship-kinds.ts'
import type { OverridesReply, SetOverride } from '../../graph/wire-overrides.ts'
import { clean } from './clean.ts'
import { secondsOf } from './duration.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

export interface OverrideOptions {
  readonly dataDir?: string
  readonly thing?: string
  readonly uses?: string
  readonly kind?: string
  readonly session?: string
  readonly tolerance?: string
  readonly pickup?: string
  readonly cadence?: string
  readonly delivery?: string
  readonly lag?: string
  readonly note?: string
  readonly remove?: string
  readonly json?: boolean
}

const spans = ['session', 'tolerance', 'pickup', 'lag'] as const

/** Lists what people set; sets times of a relationship or the lag of a thing; takes one back. */
export async function override(print: Print, options: OverrideOptions): Promise<number> {
  const desk = await openDesk(options)
  try {
    const reply = await answer()
    if (options.json) print.line(jsonText(reply))
    else show(print, reply)
    return exitCodes.done
  } finally {
    await desk.close()
  }

  async function answer(): Promise<OverridesReply> {
    if (options.remove !== undefined) return desk.removeOverride(options.remove)
    if (options.thing === undefined) return desk.overrides()
    const from = (await desk.thing(options.thing)).id
    const to = options.uses === undefined ? undefined : await desk.thing(options.uses)
    return desk.setOverride({ from, ...(to && { to: to.id, kind: kindOf(options.kind, to.role) }), ...times(options) })
  }
}

/** What links a dependent to a thing of this role, unless it is said. */
function kindOf(asked: string | undefined, role: string): SetOverride['kind'] {
  const kind = asked?.toUpperCase().replaceAll('-', '_')
  if (kind !== undefined) {
    if (Object.hasOwn(relationshipKinds, kind)) return kind
    throw new UsageProblem('--kind is no kind of relationship', Object.keys(relationshipKinds).join(', '))
  }
  const usual = new Map([
    ['credential', 'USES_CREDENTIAL'],
    ['secret', 'USES_SECRET'],
    ['identity', 'RUNS_AS'],
  ])
  return usual.get(role) ?? 'DEPENDS_ON'
}

function times(options: OverrideOptions): Partial<SetOverride> {
  const set: Partial<SetOverride> = {}
  for (const name of spans) {
    const text = options[name]
    if (text !== undefined) set[name] = spanOf(text, name)
  }
  if (options.cadence !== undefined) set.cadence = secondsOf(options.cadence)
  if (options.delivery !== undefined) set.delivery = options.delivery
  if (options.note !== undefined) set.note = options.note
  return set
}

/** `5m`: up to so long; `1m-5m`: between; `1m-`: no known end. */
function spanOf(text: string, name: string): [number, number | null] {
  const [first = '', second, ...rest] = text.split('-')
  if (rest.length > 0 || first === '')
    throw new UsageProblem(
      `--${name} is a time like 5m, 1m-5m, or 1m- for no known end`,
      's, m, h and d are understood',
    )
  if (second === undefined) return [0, secondsOf(first)]
  return [secondsOf(first), second === '' ? null : secondsOf(second)]
}

function show(print: Print, { overrides }: OverridesReply): void {
  if (overrides.length === 0) return print.line('Nothing is set: times are as sources and tables have them.')
  for (const one of overrides) {
    print.line(`${one.id}  ${clean(one.sentence)}${one.inForce ? '' : ' (not in force: no source shows it now)'}`)
    print.line(
      `                  by ${clean(one.who)}, ${one.at.slice(0, 10)}${one.note ? `: ${clean(one.note)}` : ''}`,
    )
  }
}
