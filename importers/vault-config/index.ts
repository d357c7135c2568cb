import type { FileReport, Importer, ImporterRun, InputFile, RunContext } from '../importer.ts'
import { mapVaultConfig } from '../read/vault/map-config.ts'
import type { VaultRecord } from '../read/vault/model.ts'
import { detect, formOf } from './detect.ts'
import { documentsIn } from './documents.ts'
import { readBankVaults } from './read-bank-vaults.ts'
import { managedSchema, readManaged, type ManagedFile } from './read-manager.ts'
import { operatorGroup, readOperatorObject } from './read-operator.ts'
import { asData, repliesIn, textIn, type Data, type Reply } from './replies.ts'
import { mountsIn, readReply, type Known } from './routes.ts'

/** What a Vault is configured to do: recorded replies of its API, policies, and definitions of the same as code. */
export const vaultConfig: Importer = {
  id: 'vault-config',
  title: 'Vault configuration',
  reads:
    'replies of `vault read/list -format=json`, policies (HCL, JSON), vault-manager and bank-vaults YAML, objects of the Vault config operator',
  collect: 'vault read -format=json …',
  emits: [
    'vault.server',
    'vault.mount',
    'vault.role',
    'vault.entity',
    'vault.group',
    'vault.policy',
    'vault.subject',
    'vault.kv2_secret',
    'vault.secret_path',
    'vault.db_static_role',
    'vault.db_dynamic_lease',
    'vault.cloud_lease_key',
    'vault.cloud_lease_sts_or_oauth',
    'vault.approle_secret_id',
    'vault.service_token',
    'vault.periodic_token',
    'vault.batch_token',
    'vault.transit_key',
    'ca.issuer',
    'tls.certificate',
    'ssh.user_certificate',
    'db.user',
    'db.postgres_password',
    'db.mysql_password',
    'db.mssql_login',
    'db.oracle_password',
    'db.redis_acl_user',
    'generic.password',
    'aws.iam_access_key',
    'aws.iam_role',
    'aws.iam_user',
    'aws.secretsmanager_secret',
    'azure.keyvault_secret',
    'github.actions_secret',
    'github.repository',
    'external.secret',
  ],
  blindTo: [
    'who uses what (that is in the audit log)',
    'paths, roles and policies that were not read',
    'which cluster a service account of a Kubernetes role is of',
    'sentinel policies and control groups beyond their names',
  ],
  nature: 'snapshot',
  detect,
  begin,
}

interface Waiting {
  readonly reply: Reply
  readonly file: string
  readonly report: FileReport
}

/** Replies and managed files refer to each other: they are understood when all are read. */
interface State {
  readonly context: RunContext
  readonly replies: Waiting[]
  readonly managed: { readonly file: ManagedFile; readonly report: FileReport }[]
  readonly byAddress: Map<string, VaultRecord[]>
  readonly reports: Map<string, FileReport>
}

function begin(context: RunContext): ImporterRun {
  const state: State = { context, replies: [], managed: [], byAddress: new Map(), reports: new Map() }
  return {
    async file(input, report) {
      state.reports.set(input.name, report)
      const text = await input.text()
      const form = formOf({ name: input.name, head: text.slice(0, 65_536), whole: text.length <= 65_536 })
      if (form === 'policy') readPolicyFile(state, input, text, report)
      else if (form === 'yaml') readYaml(state, input, text, report)
      else readJson(state, input, text, report)
    },
    end: () => finish(state),
  }
}

const defaultAddress = ({ context }: State): string => context.scopeName ?? 'vault'

function add({ byAddress }: State, address: string, record: VaultRecord): void {
  const list = byAddress.get(address)
  if (list) list.push(record)
  else byAddress.set(address, [record])
}

function readPolicyFile(state: State, input: InputFile, text: string, report: FileReport): void {
  report.read?.()
  report.mapped()
  const file = input.name.slice(input.name.lastIndexOf('/') + 1)
  const name = file.slice(0, file.indexOf('.') < 0 ? undefined : file.indexOf('.'))
  add(state, defaultAddress(state), { what: 'policy', name, text, place: { file: input.name, record: '/' } })
}

function readJson(state: State, input: InputFile, text: string, report: FileReport): void {
  const replies = repliesIn(text, input.name)
  const [only] = replies
  if (only && !('reason' in only) && replies.length === 1) {
    const managed = managedIn(only.data)
    if (managed !== undefined) return readBundle(state, input, managed, report)
  }
  report.read?.(Math.max(1, replies.length))
  if (replies.length === 0) report.skipped('empty', '/')
  for (const reply of replies) {
    if ('reason' in reply) report.skipped(reply.reason, reply.where)
    else state.replies.push({ reply, file: input.name, report })
  }
}

/** A bundle of app-interface: every file by its path, those of other schemas among them. */
function managedIn(whole: Data): Data | undefined {
  const files = whole.has('graphql') || whole.has('git_commit') ? asData(whole.get('data')) : undefined
  return files !== undefined && files.size > 0 ? files : undefined
}

function readBundle(state: State, input: InputFile, files: Data, report: FileReport): void {
  report.read?.(files.size)
  for (const [path, value] of files) {
    const data = asData(value)
    const schema = textIn(data, '$schema') ?? ''
    const place = { file: input.name, record: path }
    if (schema.startsWith(managedSchema)) state.managed.push({ file: { path, schema, data, place }, report })
    else report.skipped('not-relevant', path)
  }
}

function readYaml(state: State, input: InputFile, text: string, report: FileReport): void {
  const fingerprint = (value: string): string | undefined => state.context.fingerprint(value, 'secret')
  let documents = 0
  for (const { where, parsed } of documentsIn(text)) {
    documents++
    report.read?.()
    if ('reason' in parsed) {
      report.skipped(text.includes('{{') && parsed.reason === 'not-yaml' ? 'template' : parsed.reason, where)
      continue
    }
    const data = asData(parsed.value)
    const place = { file: input.name, record: where }
    const schema = textIn(data, '$schema')
    if (schema?.startsWith(managedSchema)) {
      state.managed.push({ file: { path: `/${input.name}`, schema, data, place }, report })
      continue
    }
    const version = textIn(data, 'apiVersion') ?? ''
    if (version.startsWith(operatorGroup)) {
      const object = readOperatorObject(data, place)
      if ('reason' in object) report.skipped(object.reason, where)
      else {
        report.mapped()
        for (const record of object.records) add(state, object.address ?? defaultAddress(state), record)
      }
      continue
    }
    const external = asData(asData(data.get('spec')).get('externalConfig'))
    const records = readBankVaults(external.size > 0 ? external : data, place, fingerprint)
    if (records.length === 0) report.skipped('not-relevant', where)
    else report.mapped()
    for (const record of records) add(state, defaultAddress(state), record)
  }
  if (documents > 0) return
  report.read?.()
  report.skipped('empty', '/')
}

async function finish(state: State): Promise<void> {
  const read = readManaged(state.managed.map(({ file }) => file))
  for (const { file, report } of state.managed) {
    const records = read.get(file) ?? []
    if (records.length > 0 || file.schema.includes('/instance-')) report.mapped()
    else report.skipped('missing-identifier', file.place.record)
    for (const { address, record } of records) add(state, address, record)
  }
  readReplies(state)
  for (const [address, records] of [...state.byAddress].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const sink = state.context.scope({ id: `vault/${address}`, title: `Vault ${address}`, complete: false })
    const notes = await mapVaultConfig({ address, source: vaultConfig.id }, records, sink)
    for (const { file, text } of notes) state.reports.get(file)?.note(text)
  }
}

function readReplies(state: State): void {
  const address = defaultAddress(state)
  const mounts = new Map<string, { type: string; version: 1 | 2 | undefined }>()
  for (const { reply, file } of state.replies)
    for (const record of mountsOfReply(reply, file))
      if (record.what === 'mount') mounts.set(record.path, { type: record.type, version: record.version })
  for (const { reply, file, report } of state.replies) {
    const known: Known = {
      place: { file, record: reply.where },
      typeOf: (mount) => mounts.get(mount)?.type,
      versionOf: (mount) => mounts.get(mount)?.version,
      fingerprint: (value) => state.context.fingerprint(value, 'secret'),
    }
    const records = readReply(reply, known)
    if (typeof records === 'string') report.skipped(records, reply.where)
    else if (records.length === 0) report.skipped('empty', reply.where)
    else {
      report.mapped()
      for (const record of records) add(state, address, record)
    }
  }
}

function mountsOfReply({ path, data }: Reply, file: string): readonly VaultRecord[] {
  const place = { file, record: '/' }
  if (path.startsWith('sys/internal/ui/mounts'))
    return [...mountsIn(asData(data.get('secret')), place, false), ...mountsIn(asData(data.get('auth')), place, true)]
  if (path === 'sys/auth') return mountsIn(data, place, true)
  return mountsIn(data, place, path === 'sys/mounts' ? false : undefined)
}
