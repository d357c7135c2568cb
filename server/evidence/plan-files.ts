import { answerKept } from '../../graph/plan/answer-kept.ts'
import { answerKeptRunbook } from '../../graph/plan/kept-runbook.ts'
import type { KeptState } from '../../graph/plan/kept-item.ts'
import type { KeptPlan, PlanParts } from '../../graph/plan/kept-plan.ts'
import { markdownOf } from '../cli/report.ts'
import { reportOfRunbook } from '../cli/runbook-report.ts'
import { reportOfPlan } from '../plans/plan-report.ts'
import type { PlanRoom } from '../plans/plan-room.ts'
import { importsOfSnapshots, readSnapshots } from '../retention/kept-snapshots.ts'
import { goneWords } from '../retention/pruned-imports.ts'
import type { ImportManifest, Store } from '../store/contract.ts'

/** Files of a pack by their path in it, and what could not be put in. */
export interface PlanFiles {
  readonly files: Map<string, string>
  readonly missing: { readonly what: string; readonly why: string }[]
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`

/** Everything of a plan that an auditor may ask for, at the present snapshot. */
export async function planFiles(room: PlanRoom, state: KeptState): Promise<PlanFiles> {
  const estate = room.keeper.estate()
  const now = room.now()
  const { plan, signOffs } = state
  const files = new Map<string, string>()
  const missing: PlanFiles['missing'] = []
  const reply = answerKept(estate, state, now)
  files.set('plan/plan.json', text(reply))
  files.set('plan/plan.md', markdownOf(reportOfPlan(reply, undefined)))
  files.set('plan/kept.json', text(plan))
  const { versions, forgotten } = versionsOf(plan)
  files.set('plan/versions.json', text(versions))
  if (forgotten > 0)
    missing.push({ what: `versions 1 to ${forgotten} of the plan as they were`, why: 'a plan remembers its last 30 changes; of older ones there is what was done, by whom and when' }) // prettier-ignore
  const items = reply.waves.flatMap((wave) => wave.items)
  for (const { credential } of items) {
    const book = answerKeptRunbook(estate, state, credential.id, now)
    files.set(`runbooks/${credential.id}.json`, text(book))
    files.set(`runbooks/${credential.id}.md`, markdownOf(reportOfRunbook(book, undefined)))
  }
  const shown = new Set(items.map(({ credential }) => credential.id))
  for (const { credential, name } of plan.items)
    if (!shown.has(credential)) missing.push({ what: `the runbook of ${name}`, why: 'no source shows it any more' })
  const states = new Map(reply.signOffs.map((one) => [one.id, one]))
  files.set('approvals.json', text(signOffs.map((one) => ({ ...one, now: { state: states.get(one.id)?.state, difference: states.get(one.id)?.difference } })))) // prettier-ignore
  files.set(
    'rollbacks.json',
    text(
      items.map(({ credential, op, proposal, rollback }) => ({
        ...{ credential: credential.id, name: credential.name, op, proposal, checked: rollback },
      })),
    ),
  )
  const { predictions = [], scores = [], outcomes = [] } = plan
  files.set('after.json', text({ predictions, scores, outcomes }))
  const scored = new Set(scores.flatMap(({ credentials }) => credentials))
  const unscored = plan.items.filter(({ credential }) => !scored.has(credential)).length
  if (unscored > 0) missing.push({ what: `what happened after the change of ${unscored} of ${plan.items.length} credentials`, why: 'it was not scored against logs' }) // prettier-ignore
  const { gone, ...snapshots } = await snapshotsOf(room, state)
  files.set('snapshots.json', text(snapshots))
  missing.push(
    ...gone,
    { what: 'the facts of the snapshots', why: 'roots name them; keyfall export writes those of today' },
    { what: 'values of credentials', why: 'they are kept nowhere' },
  )
  return { files, missing }
}

/** The parts of each version, newest first, as far back as what was before is remembered. */
function versionsOf(plan: KeptPlan): { versions: object[]; forgotten: number } {
  const { name, items, waves, freezes, names, exceptions, done, asks } = plan
  let parts: PlanParts = { name, items, waves, freezes, names, exceptions, done, asks }
  const versions: object[] = []
  for (const entry of [...plan.log].reverse()) {
    const { version, by, at, snapshot, words, before } = entry
    versions.push({ version, by, at, snapshot, words, plan: parts })
    const isRemembered = before !== undefined || version === 1 || isHarmless(plan, version)
    if (!isRemembered) return { versions, forgotten: version - 1 }
    parts = { ...parts, ...(before as Partial<PlanParts>) }
  }
  return { versions, forgotten: 0 }
}

/** A change of status or a score changes none of the parts: it has nothing before it, and is not forgotten either. */
function isHarmless({ log }: KeptPlan, version: number): boolean {
  return (
    log.some((entry) => entry.version <= version && entry.before !== undefined) ||
    log.every(({ before }) => before === undefined)
  )
}

/** Every snapshot that the plan names, and the imports that were believed since it was begun: their roots say what they held. */
async function snapshotsOf(
  { store, keeper }: PlanRoom,
  { plan, signOffs }: KeptState,
): Promise<{ now: object; named: object[]; imports: object[]; gone: PlanFiles['missing'] }> {
  const named = [
    ...plan.log.map(({ snapshot, at, version }) => ({ snapshot, at, of: `version ${version}` })),
    ...signOffs.map(({ snapshot, at, id }) => ({ snapshot, at, of: `sign-off ${id}` })),
    ...(plan.predictions ?? []).map(({ snapshot, at, credential }) => ({ snapshot, at, of: `prediction of ${credential}` })), // prettier-ignore
    ...(plan.scores ?? []).map(({ snapshot, at }) => ({ snapshot, at, of: 'score' })),
  ]
  const kept = await readSnapshots(store)
  const standsOn = importsOfSnapshots(kept, new Set(named.map(({ snapshot }) => snapshot)))
  const left = new Set(standsOn.imports)
  const imports: object[] = []
  for (const [scope, head] of await store.heads()) {
    for await (const one of allImports(store, scope)) {
      const isBelieved = one.id === head.importId
      const isNamed = left.delete(one.id)
      if (isBelieved || isNamed || one.at >= plan.created.at) imports.push(importOf(one, isBelieved))
    }
  }
  const gone: { what: string; why: string }[] = []
  for (const id of left) gone.push({ what: `the import ${id}, which the plan stands on`, why: `it ${await goneWords(store, id)}` }) // prettier-ignore
  const withImports = named.map((one) => ({ ...one, imports: kept.get(one.snapshot)?.imports ?? null }))
  return { now: keeper.estate().snapshot, named: withImports, imports, gone }
}

const PAGE = 100

async function* allImports(store: Store, scope: string): AsyncGenerator<ImportManifest> {
  for (let before = Infinity; ;) {
    const page = await store.imports(scope, before === Infinity ? { limit: PAGE } : { before, limit: PAGE })
    yield* page
    if (page.length < PAGE) return
    before = page.at(-1)!.seq
  }
}

function importOf(
  { scope, scopeTitle, importer, id, at, generation, root, files }: ImportManifest,
  believed: boolean,
): object {
  return { scope, title: scopeTitle, importer, id, at, generation, root, believed, files }
}
