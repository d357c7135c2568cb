import { answerBlast } from '../../graph/answer/blast.ts'
import { answerEstate, answerFindings } from '../../graph/answer/estate.ts'
import { answerFind, oneCredential, oneSubject } from '../../graph/answer/find.ts'
import { answerItems } from '../../graph/answer/items.ts'
import { answerReach, oneThing } from '../../graph/answer/reach.ts'
import { answerSources } from '../../graph/answer/sources.ts'
import { answerWhy } from '../../graph/answer/why.ts'
import type { ImportReply } from '../../graph/wire.ts'
import type { Config } from '../config.ts'
import { APART_FROM } from '../estate/estate-place.ts'
import { decideLink, forgetLink, listLinks } from '../estate/decide-links.ts'
import { listOverrides, removeOverride, setOverride } from '../estate/set-overrides.ts'
import { ownerVia } from '../auth/person.ts'
import { checkpointFileOf } from '../audit/open.ts'
import { bundleLines } from '../estate/bundle-lines.ts'
import { problemOf } from '../http/problem.ts'
import type { Job } from '../import/jobs.ts'
import { openEstate } from '../open-estate.ts'
import type { Desk } from './desk.ts'
import { actsOfEstate } from './desk-acts.ts'
import { plansOfStore } from './desk-plans.ts'
import { commandEntries } from './entered.ts'
import { withLargerHeap } from './larger-heap.ts'

/** Answers from the store of the data directory itself; holds its lock until closed. Changes are in the audit. */
export async function storeDesk(config: Config, forImport = false): Promise<Desk> {
  if (!forImport && !config.neo4j) withLargerHeap(config.dataDir)
  let lastError: unknown
  let onProgress: (reply: ImportReply) => void = () => undefined
  const { store, keeper, jobs, close } = await openEstate({
    config,
    problemOf: (error) => {
      lastError = error
      return problemOf(error, 'cli').problem
    },
    onProgress: (reply) => onProgress(reply),
    farFrom: forImport ? APART_FROM : undefined,
  })
  const entries = commandEntries(store, config.dataDir, () => keeper.snapshot().id)
  const { change } = entries
  const now = (): string => new Date().toISOString()
  const room = { store, keeper, now, who: ownerVia('local').name }
  const jobOf = (id: string): Job => jobs.find(id)!
  /** A failed import ends the command with its own error, not with its outside form. */
  const orThrow = (reply: ImportReply): ImportReply => {
    if (reply.state === 'failed') throw lastError
    return reply
  }
  return {
    ...actsOfEstate(() => keeper.estate(), now),
    find: async (q, limit) => answerFind(keeper.estate(), { q, limit }, now()),
    credential: async (text) => oneCredential(keeper.estate(), text),
    subject: async (text, op) => oneSubject(keeper.estate(), text, op),
    blast: async (id, query) => answerBlast(keeper.estate(), id, query, now()),
    items: async (id, query) => answerItems(keeper.estate(), id, query, now()),
    why: async (id, dependent, query) => answerWhy(keeper.estate(), id, dependent, query, now()),
    thing: async (text) => oneThing(keeper.estate(), text),
    reach: async (id, query) => answerReach(keeper.estate(), id, query, now()),
    sources: async () => answerSources(keeper.estate(), now()),
    estate: async (query) => answerEstate(keeper.estate(), query, now()),
    findings: async (query) => answerFindings(keeper.estate(), query, now()),
    links: async () => listLinks({ keeper, now }),
    overrides: async () => listOverrides({ keeper, now }),
    setOverride: (asked) => change('overrides.set', {}, () => setOverride(room, asked)),
    removeOverride: (id) => change('overrides.remove', { object: id }, () => removeOverride(room, id)),
    decide: (id, decision, note) =>
      decision === 'forget'
        ? change('links.forget', { object: id }, () => forgetLink(room, id))
        : change('links.decide', { object: id, more: { decision } }, () => decideLink(room, id, decision, note)),
    plans: plansOfStore(
      { store, keeper, now, auditPlace: { checkpointFile: checkpointFileOf(config.dataDir) } },
      entries,
    ),
    async *bundle() {
      yield* bundleLines(keeper.facts())
    },
    async readImport(sources, options) {
      onProgress = options.onProgress
      const job = jobs.create({ scopeName: options.scopeName })
      job.start(sources)
      return orThrow(await job.settled())
    },
    async commitImport(id, acceptRetire) {
      const { files, scopes } = jobOf(id).reply()
      const more = { files: files.length, scopes: scopes.length }
      return change('import.commit', { more }, async () => orThrow(await jobOf(id).commit(acceptRetire)))
    },
    cancelImport: (id) => jobOf(id).cancel(),
    async close() {
      try {
        await entries.close()
      } finally {
        await close()
      }
    },
  }
}
