import type { SkipReason } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { FileReport, Importer, ImporterRun, InputFile, Probe, RunContext } from '../importer.ts'
import { heardDays } from '../read/heard-days.ts'
import type { Clients } from './map-clients.ts'
import { mapFailedLogin, mapLogin, mapTokenCreate } from './map-logins.ts'
import { clientIn, mapDenied, mapLease, mapRead, mapSecretId, mapUnwrap, mapWrite } from './map-requests.ts'
import { subjectOf, type About } from './map-paths.ts'
import { entriesIn } from './read-entries.ts'
import { Entry, Head, isMasked, joinable } from './records.ts'
import { countUses, type Sighting } from './uses.ts'

export const vaultAudit: Importer = {
  id: 'vault-audit',
  title: 'Vault audit log',
  reads:
    'file audit device of HashiCorp Vault or OpenBao (JSON lines, also pretty-printed): who read what, by which role',
  collect: 'vault audit list -detailed',
  emits: [
    'vault.server',
    'vault.client',
    'vault.role',
    'vault.entity',
    'vault.kv2_secret',
    'vault.secret_path',
    'vault.db_static_role',
    'vault.db_dynamic_lease',
    'vault.cloud_lease_key',
    'vault.cloud_lease_sts_or_oauth',
    'vault.transit_key',
    'vault.approle_secret_id',
    'vault.service_token',
    'vault.mount',
    'generic.password',
    'tls.certificate',
    'ssh.user_certificate',
    'github.pat',
    'github.repository',
    'aws.iam_role',
    'aws.iam_user',
  ],
  blindTo: [
    'use of a value after it was read',
    'readers behind an agent or proxy that caches',
    'reads before the first and after the last entry of the log',
    'requests to clusters and audit devices whose log is not here',
    'what a token was used for where its accessor is masked',
  ],
  nature: 'log',
  detect,
  begin,
}

/** An entry has `"type":"request"|"response"`, `"request"` and Vault's own words about mounts, tokens or operations. */
function detect({ head: raw }: Probe): number {
  // What a collector passes on as a text has its quotes escaped.
  const head = raw.includes('\\"request\\"') ? raw.split('\\"').join('"') : raw
  if (!/"type"\s*:\s*"(request|response)"/.test(head)) return 0
  if (!head.includes('"request"')) return 0
  const words = [
    '"mount_point"',
    '"mount_type"',
    '"token_type"',
    '"client_token"',
    '"operation"',
    '"remote_address"',
    '"policies"',
  ]
  const found = words.filter((word) => head.includes(word)).length
  return found >= 3 ? 1 : found >= 1 ? 0.7 : 0
}

/** Requests waiting for their response; and ids seen, so that the same log of a second device says nothing twice. */
const waitingLimit = 10_000
const rememberedIds = 200_000

interface Waiting {
  readonly entry: Entry
  readonly at: Sighting
}
/** A request as it stands: its answer repeats it, so it is taken apart only if none comes. */
interface Open {
  readonly value: unknown
  readonly at: Sighting
}

function begin(context: RunContext): ImporterRun {
  const address = context.scopeName ?? 'vault'
  const uses = countUses()
  const clients: Clients = {
    address,
    uses,
    tokens: new Map(),
    loginMounts: new Set(),
    accessors: new Map(),
    wrapped: new Map(),
    denied: new Map(),
    described: new Set(),
  }
  const waiting = new Map<string, Open>()
  const days = heardDays()
  const ids = new Set<string>()
  let earlier = new Set<string>()

  /** Has this request, or this response, been seen? Forgets the oldest half once in a while. */
  const again = (key: string): boolean => {
    if (ids.has(key) || earlier.has(key)) return true
    if (ids.size >= rememberedIds) {
      earlier = new Set(ids)
      ids.clear()
    }
    ids.add(key)
    return false
  }

  const concludeOpen = (id: string, errors: Errors): void => {
    const { value, at } = waiting.get(id)!
    waiting.delete(id)
    const entry = Entry.safeParse(value).data
    if (entry) conclude(clients, { entry, at }, errors)
    else errors.anonymous++
  }

  const readEntry = (value: unknown, at: Sighting, report: FileReport, errors: Errors): void => {
    const where = `line ${at.line}`
    const isRequest = (value as { type?: unknown } | null)?.type === 'request'
    const entry = (isRequest ? Head : Entry).safeParse(value).data
    if (!entry) return report.skipped('unreadable-record', where)
    days.text(at.time)
    const id = entry.request?.id
    if (!id && !entry.request?.path) return report.skipped('missing-identifier', where)
    const joined = !isMasked(id)
    if (joined && again(`${entry.type} ${id}`)) return report.merged()
    const verdict = understood(entry)
    if (verdict !== 'mapped') return report.skipped(verdict, where)
    report.mapped()
    if (entry.type === 'request') {
      // A response repeats its request: the request speaks only if none comes. Without an id they can't be joined.
      if (!joined) return
      waiting.set(id!, { value, at })
      if (waiting.size > waitingLimit) {
        const [oldest] = waiting.keys()
        concludeOpen(oldest!, errors)
      }
      return
    }
    if (id) waiting.delete(id)
    conclude(clients, { entry: entry as Entry, at }, errors)
  }

  return {
    async file(input: InputFile, report: FileReport) {
      const errors: Errors = { denied: 0, failedLogins: 0, anonymous: 0 }
      let records = 0
      for await (const found of entriesIn(input.stream())) {
        records++
        report.read?.()
        if ('reason' in found) report.skipped(found.reason, `line ${found.line}`)
        else readEntry(found.value, { ...timeOf(found.value), file: input.name, line: found.line }, report, errors)
      }
      if (records === 0) {
        report.read?.()
        report.skipped('empty', '')
      }
      for (const [words, count] of notesOf(errors)) if (count > 0) report.note(`${count} ${words}`)
    },
    end() {
      const errors: Errors = { denied: 0, failedLogins: 0, anonymous: 0 }
      for (const id of [...waiting.keys()]) concludeOpen(id, errors)
      for (const [client, accessors] of clients.accessors)
        if (accessors.size > 0) uses.entity({ id: client, props: { accessors: [...accessors] } })
      for (const [client, paths] of clients.denied)
        uses.entity({ id: client, props: { deniedPaths: [...paths].sort() } })
      const sink = context.scope({ id: `vault/${address}`, title: `Vault ${address}`, complete: false })
      days.tell(sink)
      uses.end(sink)
    },
  }
}

interface Errors {
  denied: number
  failedLogins: number
  anonymous: number
}

const notesOf = (errors: Errors): [string, number][] => [
  ['requests were denied: counted, and taken as no use', errors.denied],
  ['logins failed', errors.failedLogins],
  ['answers name nobody (display name, role and entity absent or masked)', errors.anonymous],
]

function timeOf(value: unknown): { time: string | undefined } {
  const time = (value as { time?: unknown } | null)?.time
  return { time: typeof time === 'string' && time.length <= 40 ? time : undefined }
}

/** Is this entry one that says something here? From its path alone, so that request and response agree. */
function understood(entry: {
  readonly request?: (About & { id?: string | null | undefined }) | null | undefined
}): 'mapped' | SkipReason {
  if (!entry.request?.path) return 'missing-identifier'
  if (isMasked(entry.request.path)) return 'masked-identifier'
  return subjectOf(entry.request).what === 'other' ? 'not-relevant' : 'mapped'
}

/** Takes what a request and its answer say; the answer alone is enough, because it repeats the request. */
function conclude(clients: Clients, { entry, at }: Waiting, errors: Errors): void {
  const request = entry.request!
  const subject = subjectOf(request)
  const granted = entry.response?.auth ?? undefined
  // A field called so in the data of a read is a field of the secret; a login answers with nothing else.
  const said = subject.what === 'login' && !granted && entry.response?.data?.error
  const refused =
    Boolean(entry.error ?? entry.response?.error) || Boolean(said) || entry.auth?.policy_results?.allowed === false
  if (refused) {
    if (subject.what === 'login') {
      errors.failedLogins++
      mapFailedLogin(clients, subject.mount, request, at)
    } else {
      errors.denied++
      mapDenied(clients, subject, clientIn(clients, entry, at), at)
    }
    return
  }
  if (!understand(clients, { entry, at }, subject, granted)) errors.anonymous++
}

/** @returns false where the entry names nobody that the fact could be about */
function understand(
  clients: Clients,
  { entry, at }: Waiting,
  subject: ReturnType<typeof subjectOf>,
  granted: Entry['auth'] | undefined,
): boolean {
  const request = entry.request!
  if (subject.what === 'login') {
    const auth = granted ?? entry.auth
    // Without its answer a login does not say who it was.
    return !auth || entry.type === 'request' || mapLogin(clients, subject.mount, auth, request, at)
  }
  if (subject.what === 'token-create')
    return granted ? mapTokenCreate(clients, subject.orphan, entry.auth, granted) : false
  const client = clientIn(clients, entry, at)
  if (subject.what === 'read') {
    if (client) mapRead(clients, subject, client, entry, at)
    return client !== undefined
  }
  if (subject.what === 'write' || subject.what === 'rotate') mapWrite(clients, subject, client, at)
  else if (subject.what === 'lease') mapLease(clients, subject, client, entry, at)
  else if (subject.what === 'secret-id') mapSecretId(clients, subject, client, at)
  else if (subject.what === 'unwrap') return mapUnwrap(clients, client, entry, at)
  else if (subject.what === 'token-revoke') endOfToken(clients, subject.self, entry, at)
  return true
}

/** A token that somebody kept is over: by its own accessor, or the one that was asked to be revoked. */
function endOfToken({ address, uses }: Clients, self: boolean, entry: Entry, at: Sighting): void {
  const accessor = joinable(self ? entry.auth?.accessor : entry.request?.data?.accessor)
  if (accessor === undefined) return
  uses.ended(keys.vaultToken(address, accessor), at)
}
