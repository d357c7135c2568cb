import * as z from 'zod/mini'
import { ImportReply, ImportsReply } from '../../graph/wire.ts'
import type { Job } from '../import/jobs.ts'
import { may, missingRole, type Person } from '../auth/person.ts'
import type { House } from './house.ts'
import { RequestProblem } from './problem.ts'
import { route, type Asked } from './route.ts'

const FileName = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(1024)),
  /** Id of the importer that reads it, where a person knows better than its content says. */
  as: z.optional(z.string().check(z.maxLength(80))),
})

/** An analyst sees every import, unless he is limited to scopes; others see their own. */
const seesAll = ({ roles, scopes }: Person): boolean => roles.includes('analyst') && scopes === undefined

function jobOf(house: House, { params, person }: Pick<Asked<unknown, unknown>, 'params' | 'person'>): Job {
  const job = house.jobs.find(params.id!)
  if (!job || !(seesAll(person) || job.by === person.id))
    throw new RequestProblem('not-found', 'there is no such import', 'imports are forgotten when the server stops')
  return job
}

/** His own files and what they change; not how much else there is. Files of a scope that is not his end the import. */
async function replyFor(job: Job, person: Person): Promise<ImportReply> {
  const reply = job.reply()
  if (seesAll(person)) return reply
  const { scopes } = person
  if (scopes && reply.scopes.some(({ scope }) => !scopes.includes(scope))) {
    await job.cancel()
    throw new RequestProblem('no-permission', 'these files are of a source that you are not allowed')
  }
  return ownPart(reply)
}

/** Without what it says of everything else that is known. */
function ownPart(reply: ImportReply): ImportReply {
  const { totals: _totals, moved: _moved, ...own } = reply
  return { ...own, before: null, after: null }
}

/** An import as events tell of it; undefined where it is none of his, or he is limited to scopes. */
export function importSeenBy(job: Job, reply: ImportReply, person: Person): ImportReply | undefined {
  if (seesAll(person)) return reply
  if (job.by !== person.id || person.scopes !== undefined || missingRole(person, may['import.upload'])) return undefined
  return ownPart(reply)
}

export const importRoutes = [
  route({
    method: 'GET',
    path: '/api/imports',
    summary: 'Imports of this server since it was started, newest first, at most 50.',
    roles: may['import.upload'],
    limited: true,
    audit: 'import.list',
    reply: ImportsReply,
    answer: ({ jobs }, { person }) => ({
      imports: jobs
        .list()
        .filter((job) => seesAll(person) || job.by === person.id)
        .map((job) => {
          const { id, state, startedAt, files } = job.reply()
          return { id, state, startedAt, files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }
        }),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/imports',
    summary: 'Begin an import. `scope` says what the files are of, where they do not say so themselves.',
    roles: may['import.upload'],
    limited: true,
    audit: 'import.create',
    status: 201,
    body: z.object({ scope: z.optional(z.string().check(z.minLength(1), z.maxLength(200))) }),
    reply: ImportReply,
    answer: ({ jobs }, { body, person }) => replyFor(jobs.create({ scopeName: body.scope, by: person.id }), person),
  }),
  route({
    method: 'PUT',
    path: '/api/imports/{id}/files',
    summary: 'Add one file, at most 256 MiB; `name` is its label in the report. Kept until it was read.',
    roles: may['import.upload'],
    limited: true,
    limit: 'upload',
    audit: 'import.upload',
    upload: true,
    query: FileName,
    reply: ImportReply,
    async answer(house, asked) {
      const job = jobOf(house, asked)
      await job.addFile(asked.query.name, asked.upload, asked.query.as)
      return replyFor(job, asked.person)
    },
  }),
  route({
    method: 'POST',
    path: '/api/imports/{id}/start',
    summary: 'Read the files. Ends in `preview`: what would change; nothing is written yet.',
    roles: may['import.upload'],
    limited: true,
    audit: 'import.start',
    reply: ImportReply,
    answer(house, asked) {
      const job = jobOf(house, asked)
      job.start()
      return replyFor(job, asked.person)
    },
  }),
  route({
    method: 'GET',
    path: '/api/imports/{id}',
    summary: 'Where an import is: progress, the report of every file, what it would change or has changed.',
    roles: may['import.upload'],
    limited: true,
    audit: 'import.read',
    reply: ImportReply,
    answer: (house, asked) => replyFor(jobOf(house, asked), asked.person),
  }),
  route({
    method: 'POST',
    path: '/api/imports/{id}/commit',
    summary: 'Make the preview true. Beyond the retire guard, `acceptRetire` has to be the number it shows.',
    roles: may['import.upload'],
    limited: true,
    audit: 'import.commit',
    body: z.object({ acceptRetire: z.optional(z.int().check(z.nonnegative())) }),
    reply: ImportReply,
    async answer(house, asked) {
      const { person, body } = asked
      const job = jobOf(house, asked)
      await replyFor(job, person)
      if (body.acceptRetire !== undefined && missingRole(person, may['import.confirm']))
        throw new RequestProblem('no-permission', 'the retire guard is confirmed by an analyst')
      await job.commit(body.acceptRetire)
      return replyFor(job, person)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/imports/{id}',
    summary:
      'Give an import up; of one that was committed: undo it, so that what was believed before is believed again, as new imports.',
    roles: may['import.upload'],
    limited: true,
    audit: 'import.cancel',
    reply: ImportReply,
    async answer(house, asked) {
      const job = jobOf(house, asked)
      if (job.reply().state !== 'done') await job.cancel()
      else if (missingRole(asked.person, may['import.confirm']))
        throw new RequestProblem('no-permission', 'an import is undone by an analyst')
      else await job.undo()
      return replyFor(job, asked.person)
    },
  }),
]
