import type { Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { FileReport, Importer, ImporterRun, InputFile, Probe, RunContext, Sink } from '../importer.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { identify, types, type Scene, type Thing } from './identify.ts'
import { Plan, referencesIn, ResourceChange, withoutIndexes } from './records.ts'

/** A plan as JSON: what the next apply would do to credentials and the places they stand in. */
export const terraformPlan: Importer = {
  id: 'terraform-plan',
  title: 'Terraform plan',
  reads:
    'a plan of Terraform or OpenTofu as JSON: which credentials it makes, replaces or destroys, and in which order',
  collect: 'terraform plan -out plan && terraform show -json plan > plan.json',
  emits: [...new Set([...types.values()].map(({ kind }) => kind)), 'k8s.sa_token_legacy_secret'],
  blindTo: [
    'what the plan leaves alone, and whatever this Terraform did not make',
    'values that are only known when it is applied',
    'whether the plan was applied',
  ],
  nature: 'snapshot',
  detect,
  begin,
}

function detect({ head }: Probe): number {
  if (head.trimStart()[0] !== '{' || !head.includes('"format_version"')) return 0
  const isPlan = ['"planned_values"', '"resource_changes"', '"terraform_version"'].filter((name) => head.includes(name))
  return isPlan.length >= 2 ? 1 : 0
}

function begin(context: RunContext): ImporterRun {
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const text = await input.text()
      const refuse = (reason: Parameters<FileReport['skipped']>[0]) => {
        report.read?.()
        report.skipped(reason, '/')
      }
      if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return refuse('too-deep')
      let document: unknown
      try {
        document = JSON.parse(text)
      } catch {
        return refuse('not-json')
      }
      const plan = Plan.safeParse(document).data
      if (!plan) return refuse('unreadable-record')
      if (!plan.format_version.startsWith('0.') && !plan.format_version.startsWith('1.'))
        return refuse('unsupported-version')
      const changes = plan.resource_changes ?? []
      if (changes.length === 0) return refuse('empty')
      report.read?.(changes.length)
      mapPlan(context, input.name, changes, referencesIn(plan.configuration?.root_module), report)
    },
    end() {
      // Each plan is told when it was read.
    },
  }
}

interface Planned {
  readonly thing: Thing
  readonly base: string
  readonly record: string
  readonly address: string
}

function mapPlan(
  context: RunContext,
  file: string,
  changes: readonly unknown[],
  references: ReadonlyMap<string, ReadonlySet<string>>,
  report: FileReport,
): void {
  const folder = file.split('/').slice(0, -1).join('/')
  const tree = context.scopeName ?? (folder === '' ? 'plan' : folder)
  const sink = context.scope({ id: `terraform-plan/${tree}`, title: `Terraform plan of ${tree}`, complete: false })
  const scene: Scene = {
    cluster: context.scopeName ?? (folder.split('/')[1] || folder.split('/')[0] || 'cluster'),
    owner: context.scopeName?.includes('/') === true ? context.scopeName.split('/')[0]! : '_',
    keyOf: (address) => keys.terraformValue(keys.terraformFolder(tree, ''), address.slice(0, 800)),
  }
  const planned: Planned[] = []
  changes.forEach((raw, at) => {
    const record = `/resource_changes/${at}`
    const one = ResourceChange.safeParse(raw).data
    if (!one) return report.skipped('unreadable-record', record)
    if (one.mode === 'data') return report.skipped('not-relevant', record)
    const thing = identify(one.type, one.address, attributesOf(one.change.before, one.change.after), scene)
    if (!thing) return report.skipped('not-relevant', record)
    planned.push({ thing, base: withoutIndexes(one.address), record, address: one.address })
    const evidence = [
      {
        source: 'terraform-plan',
        kind: 'declared' as const,
        file: file.slice(-1024),
        record,
        note: one.address.slice(0, 400),
      },
    ]
    sink.entity({ id: thing.id, kind: thing.kind, name: thing.name.slice(0, 1024), props: planProps(one), evidence })
    report.mapped()
  })
  relateAll(sink, planned, references, file)
}

const whats = new Map([
  ['create', 'make'],
  ['update', 'change'],
  ['delete', 'destroy'],
  ['delete,create', 'replace'],
  ['create,delete', 'replace'],
  ['no-op', 'keep'],
])

/** What the plan does to it, and whether a replacement is there before the old one goes. */
function planProps({ address, change, action_reason: reason }: ResourceChange): Props {
  const actions = change.actions.join(',')
  const what = whats.get(actions) ?? 'keep'
  const because = (change.replace_paths ?? []).map(([first]) => String(first))
  return {
    managedBy: 'terraform',
    plannedAction: what,
    plannedAddress: address.slice(0, 1024),
    ...(what === 'replace' ? { replacedWithOverlap: actions === 'create,delete' } : {}),
    ...(because.length > 0
      ? { plannedBecause: [...new Set(because)].slice(0, 50).map((name) => name.slice(0, 200)) }
      : {}),
    ...(reason === undefined ? {} : { plannedReason: reason.slice(0, 200) }),
  }
}

/** Places that the configuration fills from a credential of the same plan: the new value is written in the same apply. */
function relateAll(
  sink: Sink,
  planned: readonly Planned[],
  references: ReadonlyMap<string, ReadonlySet<string>>,
  file: string,
): void {
  const credentials = new Map<string, Planned[]>()
  for (const one of planned)
    if (one.thing.role === 'credential') credentials.set(one.base, [...(credentials.get(one.base) ?? []), one])
  for (const { thing, base, record } of planned) {
    if (thing.role !== 'place') continue
    for (const address of references.get(base) ?? []) {
      const made = credentials.get(address) ?? []
      // Of several instances one is meant, and which one the plan's references do not say.
      const confidence = made.length === 1 ? {} : { confidence: 'possible' as const }
      const note = `filled from ${address.slice(0, 300)}`
      const evidence = [{ source: 'terraform-plan', kind: 'declared' as const, file: file.slice(-1024), record, note }]
      for (const { thing: to } of made)
        sink.relationship({ kind: 'HOLDS', from: thing.id, to: to.id, ...confidence, evidence })
    }
  }
}

/** Only named attributes leave it; what is there now counts before what is planned. Keys may have dots: `a.b/c`. */
function attributesOf(before: unknown, after: unknown): (path: string) => string | undefined {
  const read = (root: unknown, path: string): string | undefined => {
    let value = root
    let rest = path
    while (rest !== '') {
      if (typeof value !== 'object' || value === null) return undefined
      const dot = rest.indexOf('.')
      const step = Object.hasOwn(value, rest) || dot < 0 ? rest : rest.slice(0, dot)
      if (!Object.hasOwn(value, step)) return undefined
      value = (value as Record<string, unknown>)[step]
      rest = step === rest ? '' : rest.slice(dot + 1)
    }
    return typeof value === 'string' && value !== '' && value.length <= 2048 ? value : undefined
  }
  return (path) => read(before, path) ?? read(after, path)
}
