import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod/mini'
import { AuditQuery, AuditReply, AuditVerdict } from '../../graph/wire-audit.ts'
import { permissions, type Role } from '../../graph/wire-people.ts'
import { readCheckpointLines } from '../audit/checkpoints.ts'
import { auditForms, exportLines } from '../audit/export-forms.ts'
import { verifyAt } from '../audit/open.ts'
import { searchAudit } from '../audit/search.ts'
import { may } from '../auth/person.ts'
import type { Person } from '../auth/person.ts'
import type { House } from './house.ts'
import { route } from './route.ts'

/** A list is shown with a verdict that is at most so old; `verify` always looks anew. */
const VERDICT_MS = 30_000
const verdicts = new WeakMap<House['ledger'], { readonly at: number; readonly verdict: Promise<AuditVerdict> }>()

function verdictOf(house: House): Promise<AuditVerdict> {
  const known = verdicts.get(house.ledger)
  if (known && performance.now() - known.at < VERDICT_MS) return known.verdict
  return freshVerdict(house)
}

function freshVerdict({ store, auditPlace, ledger, now }: House): Promise<AuditVerdict> {
  const verdict = verifyAt(store, auditPlace, now(), ledger)
  verdicts.set(ledger, { at: performance.now(), verdict })
  verdict.catch(() => verdicts.delete(ledger))
  return verdict
}

/** Names are of the map: for who may see it, and where the estate is at hand. */
function namesFor({ keeper }: House, { roles }: Person): (id: string) => string | null {
  const seers: readonly Role[] = permissions['map.read']
  if (!roles.some((role) => seers.includes(role)) || keeper.answering?.()) return () => null
  const { indexOf, entities } = keeper.estate()
  return (id) => entities[indexOf.get(id) ?? -1]?.name ?? null
}

const AuditKeyReply = z.object({
  /** First 16 hex digits of the SHA-256 of the public key; entries and checkpoints name it. */
  id: z.string(),
  /** Ed25519, PEM. */
  publicKey: z.string(),
  chain: z.string(),
})

export const auditRoutes = [
  route({
    method: 'GET',
    path: '/api/audit',
    summary: 'Who did or asked what, newest first, and whether the chain of entries verifies. Reading it is an entry.',
    roles: may['audit.read'],
    audit: 'audit.read',
    query: AuditQuery,
    reply: AuditReply,
    async answer(house, { query, person }) {
      const { store, ledger } = house
      const found = await searchAudit(store.audit, query.chain ?? ledger.chain, query, namesFor(house, person))
      return { verdict: await verdictOf(house), ...found }
    },
  }),
  route({
    method: 'GET',
    path: '/api/audit/verify',
    summary: 'Every entry against the one before it, every checkpoint here and outside; names the first that is wrong.',
    roles: may['audit.read'],
    audit: 'audit.verify',
    limit: 'export',
    reply: AuditVerdict,
    answer: freshVerdict,
  }),
  route({
    method: 'GET',
    path: '/api/audit/key',
    summary: 'The public key that checkpoints and evidence are signed with: keep it outside, to verify without us.',
    roles: may['audit.read'],
    audit: 'audit.read',
    reply: AuditKeyReply,
    answer: ({ ledger: { keys, chain } }) => ({ id: keys.id, publicKey: keys.publicPem, chain }),
  }),
  route({
    method: 'GET',
    path: '/api/audit/export',
    summary: 'A chain of entries, oldest first: NDJSON with macs and checkpoints, or CSV.',
    roles: may['audit.read'],
    audit: 'audit.export',
    limit: 'export',
    query: z.object({
      form: z.optional(z.enum(auditForms)),
      from: z.optional(z.string().check(z.maxLength(40))),
      to: z.optional(z.string().check(z.maxLength(40))),
      chain: z.optional(z.string().check(z.maxLength(100))),
    }),
    reply: 'application/x-ndjson',
    async answer({ store, ledger, auditPlace }, { query, response }) {
      const { form = 'ndjson', chain = ledger.chain, from, to } = query
      const checkpoints = readCheckpointLines(auditPlace.checkpointFile)
      response.status(200).type(form === 'csv' ? 'text/csv' : 'application/x-ndjson')
      response.attachment(`keyfall-audit.${form}`)
      await pipeline(Readable.from(exportLines(store.audit, { chain, form, from, to, checkpoints })), response)
    },
  }),
]
