import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { gate as gateAnswer } from '../gate/gate.ts'
import type { GateReply } from '../gate/gate-answer.ts'
import { gateComment, gateReport } from '../gate/gate-report.ts'
import { readTerraformPlan } from '../gate/terraform-changes.ts'
import { changesOfDiff, compareWorkflows, workflowsOf } from '../gate/workflow-changes.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { printReport, type Form } from './report.ts'
import { UsageProblem } from './usage-problem.ts'
import { overallCodes } from './verdict-words.ts'

export interface GateCommand extends Form {
  readonly dataDir?: string
  readonly terraformPlan?: string
  /** Two checkouts, or one unified diff. */
  readonly workflowDiff?: readonly string[]
  readonly repository?: string
  /** As at the import of the plan: the cluster of what is of Kubernetes. */
  readonly scope?: string
}

const MOST_BYTES = 256 << 20

/** For a pull request: what would break if it were applied. Nothing is kept, nothing is changed. */
export async function gate(print: Print, command: GateCommand): Promise<number> {
  const { terraformPlan, workflowDiff, dataDir } = command
  if (terraformPlan === undefined && workflowDiff === undefined)
    throw new UsageProblem('nothing to judge', 'keyfall gate --terraform-plan FILE, or --workflow-diff BASE HEAD')
  if (command.repository !== undefined && !/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(command.repository))
    throw new UsageProblem('--repository is no owner/name', 'for example --repository acme/shop')
  const workflows = workflowDiff && (await workflowsAsked(workflowDiff))
  const repository = command.repository ?? workflows?.repository
  const terraform = terraformPlan === undefined ? undefined : await planAsked(terraformPlan, command, repository)
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const reply = await gateAnswer(desk, {
      ...(terraform && { terraform }),
      ...(workflows && { workflows: workflows.changes }),
      repository: repository?.includes('/') ? repository : undefined,
    })
    say(print, command, reply, desk.server)
    return overallCodes[reply.verdict]
  } finally {
    await desk.close()
  }
}

function say(print: Print, { json, markdown }: Form, reply: GateReply, server: string | undefined): void {
  if (json) print.line(jsonText(reply))
  else if (markdown) print.write(gateComment(reply, server))
  else printReport(print, gateReport(reply, reply.rows, server))
}

async function planAsked(file: string, { scope }: GateCommand, repository: string | undefined) {
  const text = await textOf(file)
  const owner = (scope?.includes('/') ? scope : repository)?.split('/')[0] ?? '_'
  const changes = readTerraformPlan(text, owner, scope ?? 'cluster')
  if (!changes)
    throw new UsageProblem(`${basename(file)} is no plan as JSON`, 'terraform plan -out plan && terraform show -json plan > plan.json') // prettier-ignore
  return changes
}

async function workflowsAsked(paths: readonly string[]) {
  const [base, head] = paths
  if (base === undefined || paths.length > 2)
    throw new UsageProblem('--workflow-diff takes two checkouts, or one diff', 'for example --workflow-diff base head')
  if (head === undefined) return { changes: changesOfDiff(await textOf(base)), repository: undefined }
  const [before, after] = [await sideOf(base), await sideOf(head)]
  return { changes: compareWorkflows(before, after), repository: after.repository ?? before.repository }
}

async function sideOf(folder: string) {
  const info = await stat(folder).catch(() => undefined)
  if (!info?.isDirectory()) throw new UsageProblem(`${basename(folder)} is no folder`, 'name the two checkouts')
  return workflowsOf(folder)
}

async function textOf(file: string): Promise<string> {
  const info = await stat(file).catch(() => undefined)
  if (!info?.isFile()) throw new UsageProblem(`${basename(file)} is no file`, 'keyfall gate --help')
  if (info.size > MOST_BYTES) throw new UsageProblem(`${basename(file)} is larger than 256 MiB`, 'plan a part of it')
  return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
}
