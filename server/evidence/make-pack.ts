import { createHash, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { QuestionError } from '../../graph/errors.ts'
import { checkpointOf, readCheckpointLines } from '../audit/checkpoints.ts'
import { entriesOf, type AuditExtract } from '../audit/extract.ts'
import type { Ledger } from '../audit/ledger.ts'
import type { Person } from '../auth/person.ts'
import { readPlan } from '../plans/kept-plans.ts'
import type { PlanRoom } from '../plans/plan-room.ts'
import { packageRoot } from '../root.ts'
import { version } from '../version.ts'
import { zipOf } from './zip.ts'
import { planFiles } from './plan-files.ts'

/** What a pack is made with beside the plan: the chain that it is bound to. */
export interface EvidenceRoom extends PlanRoom {
  readonly ledger: Ledger
  readonly auditPlace: { readonly checkpointFile: string }
}

const TRIES = 5
/** A pack says who did what of a plan: more than the plan itself shows. */
const makers = ['analyst', 'approver', 'auditor', 'admin']

/**
 * Everything that shows how a plan came about and what became of it, as an archive that verifies offline
 * (server/bin/verify-evidence.mjs, which is in it too). Its manifest is signed with the key of the audit, entered in the
 * chain, and that entry is covered by a checkpoint.
 * @throws QuestionError where there is no such plan, or whoever asks only looks at plans.
 */
export async function makeEvidence(
  room: EvidenceRoom,
  id: string,
  person: Person,
): Promise<{ name: string; bytes: Buffer }> {
  if (!person.roles.some((role) => makers.includes(role)))
    throw new QuestionError('may-not', 'an evidence pack is for who writes, approves or audits plans', 'ask an analyst or an approver') // prettier-ignore
  const state = await readPlan(room.store, id)
  const { plan } = state
  const { files, missing } = await planFiles(room, state)
  const extract = await extractOf(room, plan.id, [
    ...plan.items.map(({ credential }) => credential),
    ...state.signOffs.map((one) => one.id),
  ], plan.created.at) // prettier-ignore
  files.set('audit/extract.json', `${JSON.stringify(extract, null, 1)}\n`)
  missing.push(
    { what: 'whether the entries are all there were', why: 'their macs take the key of the server: keyfall audit verify, there' }, // prettier-ignore
    { what: 'what commands on the data directory did while no server ran', why: 'they are not entered' },
    { what: 'entries of other servers on the same store', why: 'each has a chain of its own' },
  )
  const { keys } = room.ledger
  files.set('public-key.pem', keys.publicPem)
  files.set('verify-evidence.mjs', readFileSync(join(packageRoot(), 'server', 'bin', 'verify-evidence.mjs'), 'utf8'))
  const about = { id: plan.id, name: plan.name, version: state.version, status: plan.status }
  files.set('README.md', readme(about.version, keys.id, missing))
  const contents = new Map(
    [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => [path, Buffer.from(text)]),
  )
  const manifest = Buffer.from(
    `${JSON.stringify(
      {
        ...{ format: 'keyfall.evidence/1', plan: about, window: { from: extract.from, to: extract.to } },
        made: { at: room.now(), by: { id: person.id, name: person.name }, with: version() },
        snapshot: room.keeper.estate().snapshot.id,
        audit: { chain: extract.chain, entries: extract.lines.length, of: extract.entries, key: keys.id },
        files: [...contents].map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) })),
        missing,
      },
      null,
      1,
    )}\n`,
  )
  const bound = await bind(room, plan.id, sha256(manifest), person)
  const text = JSON.stringify(bound)
  const signature = sign(null, Buffer.from(text, 'latin1'), keys.sign).toString('base64')
  const all = new Map([['manifest.json', manifest], ['manifest.sig', Buffer.from(`${text}\n${signature}\n`, 'latin1')], ...contents]) // prettier-ignore
  return { name: `keyfall-evidence-${plan.id}-v${state.version}.zip`, bytes: zipOf(all) }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Entries that a checkpoint covers; others may be written meanwhile, then it is taken again. */
async function extractOf(room: EvidenceRoom, plan: string, objects: string[], from: string): Promise<AuditExtract> {
  for (let left = TRIES; ; left--) {
    await room.ledger.checkpoint()
    const checkpoints = readCheckpointLines(room.auditPlace.checkpointFile)
    const extract = await entriesOf({ audit: room.store.audit, ledger: room.ledger, checkpoints }, { id: plan, objects }, from, room.now()) // prettier-ignore
    const covered = Math.max(0, ...extract.checkpoints.map((line) => checkpointOf(line)!.seq))
    const last = extract.lines.at(-1)
    if (last === undefined || (JSON.parse(last) as { seq: number }).seq <= covered) return extract
    if (left === 1) throw new Error('the audit moves faster than checkpoints are signed')
  }
}

/** Enters the manifest in the chain and has a checkpoint signed after it. */
async function bind(
  { ledger, auditPlace }: EvidenceRoom,
  plan: string,
  manifest: string,
  person: Person,
): Promise<object> {
  const detail = { plan, more: { manifest } }
  const seq = await ledger.append({ action: 'plan.evidence', outcome: 'done', actor: person.id, role: person.roles.join(' '), via: person.via, object: plan, detail }) // prettier-ignore
  await ledger.checkpoint()
  const { chain } = ledger
  const checkpoint = readCheckpointLines(auditPlace.checkpointFile).find((line) => {
    const one = checkpointOf(line)
    return one?.chain === chain && one.seq > seq
  })
  if (checkpoint === undefined) throw new Error('no checkpoint was signed')
  return { v: 1, sha256: manifest, key: ledger.keys.id, chain, seq, checkpoint }
}

function readme(planVersion: number, key: string, missing: readonly { what: string; why: string }[]): string {
  const rows = [
    ['manifest.json, manifest.sig', 'what is in the pack with the SHA-256 of each file; the signature over it, its place in the audit, and the checkpoint after it'],
    ['plan/', 'the plan as it stands (plan.json, plan.md), as it is kept with its log (kept.json), and its versions (versions.json)'],
    ['runbooks/', 'the runbook of each credential, with what is done'],
    ['approvals.json', 'every sign-off that was ever given, with the set it was given for, and what it is now: valid, lapsed with the difference, withdrawn'],
    ['rollbacks.json', 'the way back of each credential, as the engine checked it'],
    ['after.json', 'what was predicted at each cut, how that was scored against logs, how waves ended'],
    ['snapshots.json', 'snapshots that the plan names; imports since it was begun, with roots and files’ SHA-256'],
    ['audit/extract.json', 'audit entries of the plan and its window, signed as a whole, and the signed checkpoints of the chain'],
    ['public-key.pem', 'the Ed25519 key that all of it is signed with'],
  ] // prettier-ignore
  return [
    `# Evidence of a plan, version ${planVersion}`,
    'Verify it offline, with a script from a place that you trust (this one is a copy) and a key id that you learned on another way:',
    `    node verify-evidence.mjs PACK.zip --key ${key}`,
    ...rows.map(([path, words]) => `- \`${path}\`: ${words}`),
    '## Not in it',
    ...missing.map(({ what, why }) => `- ${what.replace(/[^\p{L}\p{N} .,()-]/gu, '?')}: ${why}`),
    '',
  ].join('\n\n')
}
