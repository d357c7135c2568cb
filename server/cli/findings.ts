import { findings as kindsOfFinding } from '../../graph/findings/registry.ts'
import type { FindingsReply } from '../../graph/wire-estate.ts'
import { version } from '../version.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

export interface FindingsOptions {
  readonly dataDir?: string
  readonly only?: string
  readonly json?: boolean
  readonly sarif?: boolean
}

/** What is weak, with reason, evidence and control. */
export async function findings(print: Print, options: FindingsOptions): Promise<number> {
  const { only } = options
  // Of a misspelt one nothing would ever be found.
  if (only !== undefined && !kindsOfFinding.some(({ id }) => id === only))
    throw new UsageProblem(
      `there is no finding called ${JSON.stringify(only.slice(0, 40))}`,
      `there are ${kindsOfFinding.map(({ id }) => id).join(', ')}`,
    )
  const desk = await openDesk(options)
  try {
    const reply = await desk.findings(only === undefined ? {} : { finding: only })
    if (options.json) print.line(jsonText(reply))
    else if (options.sarif) print.line(jsonText(sarifOf(reply), 2))
    else show(print, reply)
    return exitCodes.done
  } finally {
    await desk.close()
  }
}

function show(print: Print, { items, credentials, more }: FindingsReply): void {
  if (items.length === 0) {
    print.line(credentials === 0 ? 'Nothing is imported yet: keyfall import PATH…' : 'Nothing was found.')
    return
  }
  const kinds = [...new Set(items.map(({ finding }) => finding))]
  for (const kind of kinds) {
    const of = items.filter(({ finding }) => finding === kind)
    const { title, level, todo, controls } = of[0]!
    print.line(`${title} (${of.length}, ${level}): ${todo}`)
    print.line(`  ${controls.map(({ id }) => id).join(', ')}`)
    for (const { credential, reason } of of.slice(0, 20)) print.line(`  ${clean(credential.name)}: ${clean(reason)}`)
    if (of.length > 20) print.line(`  and ${of.length - 20} more: keyfall findings --only ${kind} --json`)
    print.line()
  }
  if (more > 0) print.line(`${more} findings are not listed.`)
}

const levels = { high: 'error', medium: 'warning', low: 'note' } as const

/** SARIF 2.1.0, so that code scanning and ticket systems take it. The place of a finding is the thing, not a file. */
function sarifOf({ items }: FindingsReply): object {
  const rules = new Map(items.map((one) => [one.finding, one]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Keyfall',
            version: version(),
            rules: [...rules.values()].map(({ finding, title, todo, level, controls }) => ({
              id: finding,
              shortDescription: { text: title },
              help: { text: todo },
              defaultConfiguration: { level: levels[level] },
              properties: { tags: controls.map(({ id, framework }) => `${framework}: ${id}`) },
            })),
          },
        },
        results: items.map(({ finding, level, reason, credential, evidence }) => ({
          ruleId: finding,
          level: levels[level],
          message: { text: clean(`${credential.name}: ${reason}`) },
          partialFingerprints: { credential: `${finding}/${credential.id}` },
          locations: [
            {
              logicalLocations: [{ name: clean(credential.name), fullyQualifiedName: credential.id, kind: 'resource' }],
              ...fileOf(evidence),
            },
          ],
        })),
      },
    ],
  }
}

function fileOf(evidence: FindingsReply['items'][number]['evidence']): object {
  const file = evidence.find((one) => one.file !== undefined)?.file
  return file === undefined ? {} : { physicalLocation: { artifactLocation: { uri: encodeURI(clean(file)) } } }
}
