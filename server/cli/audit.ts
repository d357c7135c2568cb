import { writeFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { AuditReply, AuditVerdict, type AuditQuery } from '../../graph/wire-audit.ts'
import { readCheckpointLines } from '../audit/checkpoints.ts'
import { exportLines, type AuditForm } from '../audit/export-forms.ts'
import { auditPlace, ledgerAt, verifyAt } from '../audit/open.ts'
import { searchAudit } from '../audit/search.ts'
import type { Action } from '../audit/actions.ts'
import { findLocalDoor } from '../auth/local-token.ts'
import { readConfig } from '../config.ts'
import { openStore } from '../store/open.ts'
import { clean } from './clean.ts'
import { answers, askServer, request } from './desk-of-server.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'

export interface AuditCommandOptions {
  readonly dataDir?: string
  readonly json?: boolean
}

const KeyReply = z.object({ id: z.string(), publicKey: z.string(), chain: z.string() })

/** Who reads the audit: through the server that writes it, or out of the store that no server has. */
interface AuditDesk {
  verify(): Promise<AuditVerdict>
  list(query: AuditQuery): Promise<AuditReply>
  lines(form: AuditForm, from?: string, to?: string): AsyncIterable<string>
  key(): Promise<z.infer<typeof KeyReply>>
  close(): Promise<void>
}

async function openAuditDesk(given: { dataDir?: string }): Promise<AuditDesk> {
  const config = readConfig(process.env, given)
  const door = findLocalDoor(config.dataDir)
  if (!door || !(await answers(door))) return storeDesk(config.dataDir, config.neo4j)
  const query = (of: object): string =>
    new URLSearchParams(
      Object.entries(of).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    ).toString()
  return {
    verify: () => askServer(door, AuditVerdict, 'GET', '/api/audit/verify'),
    list: (asked) => askServer(door, AuditReply, 'GET', `/api/audit?${query(asked)}`),
    async *lines(form, from, to) {
      const response = await request(door, 'GET', `/api/audit/export?${query({ form, from, to })}`)
      yield* response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>
    },
    key: () => askServer(door, KeyReply, 'GET', '/api/audit/key'),
    close: async () => undefined,
  }
}

async function storeDesk(
  dataDir: string,
  neo4j: { readonly uri: string; readonly user: string; readonly password: string } | null,
): Promise<AuditDesk> {
  const store = await openStore({
    dataDir,
    neo4jUri: neo4j?.uri,
    neo4jUser: neo4j?.user,
    neo4jPassword: neo4j?.password,
  })
  const place = auditPlace(dataDir, process.env, store.sealed?.audit)
  const now = (): string => new Date().toISOString()
  // Looked at first, so that what is wrong is seen before an entry of ours follows it.
  const verdict = await verifyAt(store, place, now())
  const ledger = await ledgerAt(store, place)
  const entered = (action: Action): Promise<number> =>
    ledger.append({ action, outcome: 'done', actor: 'owner', via: 'cli' })
  return {
    async verify() {
      await entered('audit.verify')
      return verdict
    },
    async list(query) {
      const found = await searchAudit(store.audit, query.chain ?? ledger.chain, query, () => null)
      await entered('audit.read')
      return { verdict, ...found }
    },
    async *lines(form, from, to) {
      await entered('audit.export')
      const checkpoints = readCheckpointLines(place.checkpointFile)
      yield* exportLines(store.audit, { chain: ledger.chain, form, from, to, checkpoints })
    },
    key: async () => ({ id: ledger.keys.id, publicKey: ledger.keys.publicPem, chain: ledger.chain }),
    async close() {
      await ledger.close()
      await store.close()
    },
  }
}

async function using<T>(options: AuditCommandOptions, run: (desk: AuditDesk) => Promise<T>): Promise<T> {
  const desk = await openAuditDesk(options)
  try {
    return await run(desk)
  } finally {
    await desk.close()
  }
}

/** Exit code 0: everything verifies. 1: something does not; the first line names the first entry that is wrong. */
export async function verifyCommand(print: Print, options: AuditCommandOptions): Promise<number> {
  const verdict = await using(options, (desk) => desk.verify())
  if (options.json) print.line(jsonText(verdict))
  else {
    print.line(clean(verdict.sentence))
    printTable(
      print,
      ['chain', 'entries', 'checkpoints', 'state', ''],
      verdict.chains.map((one) => [one.chain, String(one.entries), String(one.checkpoints), one.state, one.words]),
    )
    for (const { chain, seq, words } of verdict.faults)
      print.line(clean(`  ${chain}${seq === null ? '' : ` entry ${seq}`}: ${words}`))
    if (verdict.outside === 'none')
      print.aside('Checkpoints are only in the data directory: KEYFALL_AUDIT_SINK names a place outside of it.')
  }
  return verdict.ok ? exitCodes.done : exitCodes.ourFailure
}

export async function listCommand(print: Print, options: AuditCommandOptions & AuditQuery): Promise<number> {
  const { dataDir: _, json, ...query } = options
  const reply = await using(options, (desk) => desk.list(query))
  if (json) {
    print.line(jsonText(reply))
    return exitCodes.done
  }
  if (!reply.verdict.ok) print.aside(clean(reply.verdict.sentence))
  printTable(
    print,
    ['entry', 'when', 'who', 'did', 'object', 'outcome'],
    reply.rows.map((row) => [
      String(row.seq),
      row.ts,
      row.actor,
      row.words,
      row.objectName ?? row.object ?? '',
      row.outcome,
    ]),
  )
  if (reply.cursor !== null) print.line(`and older ones: --cursor ${reply.cursor}`)
  return exitCodes.done
}

export async function exportCommand(
  print: Print,
  options: AuditCommandOptions & { form: AuditForm; from?: string; to?: string; out?: string },
): Promise<number> {
  const { form, from, to, out } = options
  return using(options, async (desk) => {
    if (out !== undefined) writeFileSync(out, '', { mode: 0o600, flag: 'w' })
    for await (const text of desk.lines(form, from, to))
      if (out === undefined) print.write(text)
      else writeFileSync(out, text, { flag: 'a' })
    return exitCodes.done
  })
}

export async function keyCommand(print: Print, options: AuditCommandOptions): Promise<number> {
  const key = await using(options, (desk) => desk.key())
  print.line(options.json ? jsonText(key) : `${key.publicKey.trim()}\nid ${key.id}, chain ${key.chain}`)
  return exitCodes.done
}
