import type { LinksReply } from '../../graph/wire-links.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

export interface LinksOptions {
  readonly dataDir?: string
  readonly confirm?: string
  readonly reject?: string
  readonly forget?: string
  readonly note?: string
  readonly json?: boolean
}

const verbs = { confirm: 'confirmed', reject: 'rejected', forget: 'forget' } as const

/** Lists suggested links with their reasons; confirms, rejects or forgets one. */
export async function links(print: Print, options: LinksOptions): Promise<number> {
  const { json = false, note } = options
  const asked = (Object.keys(verbs) as (keyof typeof verbs)[]).filter((verb) => options[verb] !== undefined)
  if (asked.length > 1)
    throw new UsageProblem('one link at a time', 'keyfall links --confirm ID, or --reject ID, or --forget ID')
  if (note !== undefined && asked.length === 0)
    throw new UsageProblem('--note belongs to a decision', 'keyfall links --confirm ID --note TEXT')
  const desk = await openDesk(options)
  try {
    const [verb] = asked
    const reply = verb ? await desk.decide(options[verb]!, verbs[verb], note) : await desk.links()
    if (json) print.line(jsonText(reply))
    else show(print, reply)
    return exitCodes.done
  } finally {
    await desk.close()
  }
}

function show(print: Print, { open, more, decided }: LinksReply): void {
  if (open.length === 0 && decided.length === 0) print.line('No link is suggested, and none was decided on.')
  if (open.length) {
    print.line('Likely, not certain. Each counts as possible until somebody decides:')
    for (const one of open) {
      print.line(`  ${one.id}  ${clean(one.sentence)}`)
      print.line(`                    ${clean(one.reason)}`)
    }
    if (more > 0) print.line(`  and ${more} more`)
    print.line('keyfall links --confirm ID, or --reject ID')
  }
  if (decided.length) {
    if (open.length) print.line()
    print.line('Decided:')
    for (const one of decided) {
      const force = one.inForce ? '' : ' (not in force: an end is not here, or a source says otherwise)'
      print.line(`  ${one.id}  ${one.decision}: ${clean(one.sentence)}${force}`)
      print.line(
        `                    by ${clean(one.who)}, ${one.at.slice(0, 10)}${one.note ? `: ${clean(one.note)}` : ''}`,
      )
    }
  }
}
