import * as z from 'zod/mini'
import { ImportReply } from '../../graph/wire.ts'
import type { Job } from '../import/jobs.ts'
import { may } from '../auth/person.ts'
import type { House } from './house.ts'
import { RequestProblem } from './problem.ts'
import { route } from './route.ts'

const FileName = z.object({ name: z.string().check(z.minLength(1), z.maxLength(1024)) })

function jobOf(house: House, params: Readonly<Record<string, string>>): Job {
  const job = house.jobs.find(params.id!)
  if (!job)
    throw new RequestProblem('not-found', 'there is no such import', 'imports are forgotten when the server stops')
  return job
}

export const importRoutes = [
  route({
    method: 'POST',
    path: '/api/imports',
    summary: 'Begin an import. `scope` says what the files are of, where they do not say so themselves.',
    roles: may['import.upload'],
    audit: 'import.create',
    status: 201,
    body: z.object({ scope: z.optional(z.string().check(z.minLength(1), z.maxLength(200))) }),
    reply: ImportReply,
    answer: ({ jobs }, { body }) => jobs.create({ scopeName: body.scope }).reply(),
  }),
  route({
    method: 'PUT',
    path: '/api/imports/{id}/files',
    summary: 'Add one file, at most 256 MiB; `name` is its label in the report. Kept until it was read.',
    roles: may['import.upload'],
    limit: 'upload',
    audit: 'import.upload',
    upload: true,
    query: FileName,
    reply: ImportReply,
    async answer(house, { params, query, upload }) {
      const job = jobOf(house, params)
      await job.addFile(query.name, upload)
      return job.reply()
    },
  }),
  route({
    method: 'POST',
    path: '/api/imports/{id}/start',
    summary: 'Read the files. Ends in `preview`: what would change; nothing is written yet.',
    roles: may['import.upload'],
    audit: 'import.start',
    reply: ImportReply,
    answer(house, { params }) {
      const job = jobOf(house, params)
      job.start()
      return job.reply()
    },
  }),
  route({
    method: 'GET',
    path: '/api/imports/{id}',
    summary: 'Where an import is: progress, the report of every file, what it would change or has changed.',
    roles: may['import.upload'],
    audit: 'import.read',
    reply: ImportReply,
    answer: (house, { params }) => jobOf(house, params).reply(),
  }),
  route({
    method: 'POST',
    path: '/api/imports/{id}/commit',
    summary: 'Make the preview true. Beyond the retire guard, `acceptRetire` has to be the number it shows.',
    roles: may['import.upload'],
    audit: 'import.commit',
    body: z.object({ acceptRetire: z.optional(z.int().check(z.nonnegative())) }),
    reply: ImportReply,
    answer: (house, { params, body }) => jobOf(house, params).commit(body.acceptRetire),
  }),
  route({
    method: 'DELETE',
    path: '/api/imports/{id}',
    summary: 'Give an import up. What was committed stays.',
    roles: may['import.upload'],
    audit: 'import.cancel',
    reply: ImportReply,
    async answer(house, { params }) {
      const job = jobOf(house, params)
      await job.cancel()
      return job.reply()
    },
  }),
]
