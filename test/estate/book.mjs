import { accountFiles, startAccount, userArn } from './native/aws.mjs'
import { trailFiles } from './native/cloudtrail.mjs'
import { clusterFiles, startCluster } from './native/kubernetes.mjs'
import { auditFile, loginLines, readLines } from './native/vault.mjs'
import { teamKey } from './company.mjs'
import { keys } from './keys.mjs'
import { stream } from './prng.mjs'

/**
 * What one part of the estate (the story, or one unit of the crowd) has to say, collected by export file, then written
 * at once and forgotten: memory stays flat however many units there are.
 */
export function startBook(seed, name, number) {
  return {
    name,
    random: stream(seed, name),
    /** Numbers events and audit entries: unlike those of any other book. */
    nextOrdinal: number * 1_000_000,
    accounts: new Map(),
    clusters: new Map(),
    events: new Map(),
    audit: [],
    repositories: [],
    entities: [],
    relationships: [],
  }
}

export function accountOf(book, id, alias) {
  if (!book.accounts.has(id)) book.accounts.set(id, startAccount(id, alias))
  return book.accounts.get(id)
}

export function clusterOf(book, name) {
  if (!book.clusters.has(name)) book.clusters.set(name, startCluster(name))
  return book.clusters.get(name)
}

export function addEvent(book, make, use) {
  const list = book.events.get(use.account) ?? []
  list.push(make(book.random, book.nextOrdinal++, use))
  book.events.set(use.account, list)
}

export function addVaultRead(book, access) {
  book.audit.push(...loginLines(book.random, book.nextOrdinal++, access))
  book.audit.push(...readLines(book.random, book.nextOrdinal++, access))
}

/** The importer writes file and record where a fact brings no evidence of its own; `note` says how people know. */
const stated = (note) => note && { evidence: [{ source: 'bundle', kind: 'asserted', note }] }

/** A thing that no export names, or one about which people know more. `note`: how they know. */
export function say(book, id, kind, fact = {}) {
  const { note, ...rest } = fact
  book.entities.push({ id, kind, ...rest, ...stated(note) })
  return id
}

/** A relationship that no export shows. `fact` may hold any attribute of engine.md, and `note`, `evidence`. */
export function relate(book, kind, from, to, fact = {}) {
  const { note, evidence, ...rest } = fact
  book.relationships.push({ kind, from, to, ...rest, ...(evidence ? { evidence } : stated(note)) })
}

export const holds = (book, secret, credential, note) => relate(book, 'HOLDS', secret, credential, { note })

/** Replies of list-access-keys do not name their account: where no --scope is given, only this ties key and user. */
export const belongs = (book, keyId, account, user) =>
  relate(book, 'AUTHENTICATES_AS', keys.awsAccessKey(keyId), userArn(account, user))

/** Owned by a team: teams go by name. */
export const owned = (book, id, team) => team && relate(book, 'OWNED_BY', id, teamKey(team))

/** All files of the book: `[path, text or bytes]`. `readable`: indented JSON and YAML. */
export function filesOf(book, { readable, part }) {
  const files = []
  for (const account of book.accounts.values()) files.push(...accountFiles(account, readable ? 4 : 0))
  for (const [account, events] of book.events) files.push(...trailFiles(account, events, readable ? 600 : 50_000))
  for (const cluster of book.clusters.values()) files.push(...clusterFiles(cluster, readable, part ? `-${part}` : ''))
  if (book.audit.length > 0) files.push(auditFile(`audit${part ? `-${part}` : ''}.log`, book.audit, !part))
  files.push(...book.repositories)
  files.push(bundleFile(book, readable))
  return files
}

const FORMAT = 'keyfall.bundle/1'

function bundleFile(book, readable) {
  const lines = (list) => list.map((one) => JSON.stringify(one))
  if (readable) {
    const text =
      `{\n"format": "${FORMAT}",\n"scope": "${book.name}",\n"nature": "asserted",\n"entities": [\n${lines(book.entities).join(',\n')}\n],\n` +
      `"relationships": [\n${lines(book.relationships).join(',\n')}\n]\n}\n`
    return [`bundle/${book.name}.json`, text]
  }
  const records = [
    { format: FORMAT, scope: book.name, nature: 'asserted' },
    ...book.entities.map((entity) => ({ entity })),
    ...book.relationships.map((relationship) => ({ relationship })),
  ]
  return [`bundle/${book.name}.ndjson`, lines(records).join('\n') + '\n']
}
