import { parse as parseJsonc, type ParseError } from 'jsonc-parser'
import { keys } from '../../graph/keys.ts'
import type { FileReport, Importer, InputFile, Probe, RunContext } from '../importer.ts'
import { parseArn } from '../read/arn.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { looksSecret, take, type Taken } from './fields.ts'
import { awsMappers } from './map-aws.ts'
import { moreMappers } from './map-more.ts'
import { otherMappers } from './map-others.ts'
import { readState, type State, type StateObject } from './records.ts'
import { estateOf, joinPlaces, numberOf, type Estate } from './scene.ts'

/** `terraform.tfstate`: what Terraform made, and the values it keeps of it in clear. */
export const terraformState: Importer = {
  id: 'terraform-state',
  title: 'Terraform state',
  reads: 'Terraform and OpenTofu state, versions 1 to 4 (`terraform state pull`, `terraform show -json`)',
  collect: 'terraform state pull > orders-prod.tfstate',
  emits: [
    'terraform.state',
    'aws.iam_access_key',
    'aws.iam_user',
    'aws.iam_role',
    'aws.instance_profile',
    'aws.identity_provider_or_trust_anchor',
    'aws.service_principal',
    'aws.federated_principal',
    'aws.external_principal',
    'aws.kms_key',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'aws.lambda_function',
    'aws.ecs_task',
    'aws.ec2_instance',
    'aws.rds_instance',
    'db.postgres_password',
    'db.mysql_password',
    'db.mssql_login',
    'db.oracle_password',
    'k8s.secret_object',
    'k8s.service_account',
    'k8s.sa_token_legacy_secret',
    'vault.server',
    'vault.role',
    'vault.secret_path',
    'vault.kv2_secret',
    'vault.db_static_role',
    'vault.approle_secret_id',
    'vault.service_token',
    'github.organization',
    'github.repository',
    'github.environment',
    'github.actions_secret',
    'gcp.service_account',
    'gcp.service_account_key',
    'gcp.secret_version',
    'entra.service_principal',
    'entra.client_secret',
    'azure.keyvault_secret',
    'db.user',
    'generic.api_key',
    'generic.identity',
    'generic.password',
    'generic.credential',
    'aws.console_password',
    'azure.storage_account_key',
    'circleci.context',
    'entra.client_certificate',
    'gcp.workload_identity_provider',
    'business.team',
  ],
  blindTo: [
    'whatever was not made by this Terraform, and changes since its last run',
    'who can read the state, and its copies and older versions',
    'values it never sees (write-only arguments, encrypted for a PGP key)',
    'resource types that are not in its list',
  ],
  nature: 'snapshot',
  detect,
  begin,
}

const marks = ['terraform_version', 'lineage', 'serial', 'resources', 'modules']

function detect({ head }: Probe): number {
  if (head.trimStart()[0] !== '{') return 0
  const names = namesAtTop(head)
  // What `terraform show -json` prints of a state; of a plan it prints what would change.
  if (names.has('format_version') && names.has('values') && !names.has('planned_values'))
    return head.includes('"root_module"') ? 0.95 : 0
  if (names.has('encrypted_data') && names.has('encryption_version')) return 0.9
  if (!names.has('version') || names.has('format_version') || names.has('apiVersion')) return 0
  const found = marks.filter((name) => names.has(name)).length
  if (names.has('resources') && head.includes('"instances"') && head.includes('"mode"')) return 1
  return found >= 3 ? 1 : names.has('terraform_version') || (names.has('serial') && found >= 2) ? 0.9 : 0
}

/** Names of the outermost object, as far as the head goes. */
function namesAtTop(head: string): Set<string> {
  const names = new Set<string>()
  let depth = 0
  let start = -1
  let text = ''
  for (let i = 0; i < head.length; i++) {
    const character = head[i]!
    if (start >= 0) {
      if (character === '\\') i++
      else if (character === '"') {
        text = head.slice(start, i)
        start = -1
      }
    } else if (character === '"') start = i + 1
    else if (character === ':' && depth === 1) names.add(text)
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
  }
  return names
}

interface ReadFile {
  readonly input: Pick<InputFile, 'name'>
  readonly report: FileReport
  readonly state: State
  readonly known: readonly Taken[]
}

const mappers = new Map([...awsMappers, ...otherMappers, ...moreMappers])

function begin(context: RunContext) {
  const files: ReadFile[] = []
  const fingerprint = (value: string): string | undefined => context.fingerprint(value, 'secret')
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const state = await stateOf(input, report)
      if (!state) return
      report.read?.(state.objects.length + state.unreadable.length)
      for (const where of state.unreadable) report.skipped('unreadable-record', where)
      if (state.objects.length === 0 && state.unreadable.length === 0) {
        report.read?.()
        report.skipped('empty', '/')
      }
      const known: Taken[] = []
      const missed = new Map<string, number>()
      for (const object of state.objects) {
        const taken = take(object, fingerprint)
        if (taken) known.push(taken)
        else skipUnknown(object, report, missed)
      }
      for (const [type, count] of [...missed].slice(0, 20))
        report.note(`${count} × ${type.slice(0, 80)} seems to hold a value, and this importer does not know the type.`)
      files.push({ input, report, state, known })
    },
    end(): void {
      const last = new Set(latest(files))
      const estate = gather([...last], context.scopeName)
      for (const file of files) {
        if (last.has(file)) mapFile(file, estate, context)
        else {
          file.report.merged(file.known.length)
          file.report.note('An older serial of a state that is here too: the newer one counts.')
        }
      }
      joinPlaces(estate)
    },
  }
}

function skipUnknown(object: StateObject, report: FileReport, missed: Map<string, number>): void {
  if (!looksSecret(object)) return report.skipped('not-relevant', object.where)
  missed.set(object.type, (missed.get(object.type) ?? 0) + 1)
  report.skipped('unknown-type', object.where)
}

async function stateOf(input: InputFile, report: FileReport): Promise<State | undefined> {
  const refuse = (reason: Parameters<FileReport['skipped']>[0], where: string) => {
    report.read?.()
    report.skipped(reason, where)
    return undefined
  }
  const text = await input.text()
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return refuse('too-deep', '/')
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return refuse('not-json', `byte ${offsetOfError(text)}`)
  }
  if (typeof document === 'object' && document !== null && 'encrypted_data' in document) {
    report.note('The state is encrypted (OpenTofu): give what `tofu state pull` prints.')
    return refuse('unsupported-version', '/encrypted_data')
  }
  const state = readState(document)
  if (!('reason' in state)) return state
  if (state.version !== undefined)
    report.note(`The state is of version ${state.version}; versions 1 to 4 are read. Is there a newer Keyfall?`)
  return refuse(state.reason, state.reason === 'unsupported-version' ? '/version' : '/')
}

/** Where the text stops being JSON; looked for in files of a size that people edit. */
function offsetOfError(text: string): number {
  const errors: ParseError[] = []
  if (text.length <= 8 * 1024 * 1024) parseJsonc(text, errors, { disallowComments: true })
  return Buffer.byteLength(text.slice(0, errors[0]?.offset ?? 0))
}

/** Of several serials of one lineage the highest: older ones would bring back what was destroyed since. */
function latest(files: readonly ReadFile[]): readonly ReadFile[] {
  const highest = new Map<string, number>()
  for (const { state } of files)
    highest.set(state.lineage, Math.max(state.serial, highest.get(state.lineage) ?? -Infinity))
  return files.filter(({ state }) => state.lineage === '' || state.serial === highest.get(state.lineage))
}

/** What one object says and another one needs, over all states. */
function gather(files: readonly ReadFile[], scopeName: string | undefined): Estate {
  const folders = (files[0]?.input.name ?? '').split('/').slice(0, -1)
  // The same rule as for manifests, so that both name one cluster.
  const estate = estateOf(scopeName ?? folders[1] ?? folders[0] ?? 'cluster')
  const owners = new Set<string>()
  for (const { input, state, known } of files) {
    const place = keys.terraformState(state.lineage === '' ? input.name : state.lineage)
    for (const taken of known) {
      const days = taken.type === 'time_rotating' ? numberOf(taken.text('rotation_days')) : undefined
      if (days !== undefined) estate.clocks.set(`${place} ${taken.base}`, days)
      const id = taken.type === 'circleci_context' ? taken.text('id') : undefined
      if (id !== undefined) estate.contexts.set(id, taken.text('name') ?? id)
    }
  }
  for (const taken of files.flatMap(({ known }) => known)) {
    const arn = parseArn(taken.text('arn') ?? '')
    const name = taken.text('name')
    if (taken.type === 'aws_iam_user' && arn && name !== undefined) {
      estate.users.set(`${arn.account} ${name}`, taken.text('arn')!)
    }
    const client = (taken.text('client_id') ?? taken.text('application_id'))?.toLowerCase()
    const isApplication = taken.type === 'azuread_application' || taken.type === 'azuread_service_principal'
    if (isApplication && client !== undefined)
      for (const id of [taken.text('object_id'), taken.text('id')])
        if (id !== undefined) estate.clientIds.set(id.slice(id.lastIndexOf('/') + 1), client)
    const [owner = '', short] = (taken.type === 'github_repository' ? (taken.text('full_name') ?? '') : '').split('/')
    if (short !== undefined) {
      owners.add(owner)
      estate.owners.set(short.toLowerCase(), owner)
    }
  }
  const [only] = owners.size === 1 ? owners : scopeName?.includes('/') ? scopeName.split('/') : []
  if (only !== undefined) estate.owners.set('', only)
  return estate
}

function mapFile({ input, report, state, known }: ReadFile, estate: Estate, context: RunContext): void {
  const name = state.lineage === '' ? input.name : state.lineage
  const title = `Terraform state ${input.name}`
  // A state lists all of its resources; what could not be read may still be there.
  const sink = context.scope({ id: `terraform/${name}`, title, complete: state.unreadable.length === 0 })
  const accounts = new Set(known.flatMap((taken) => parseArn(taken.text('arn') ?? '')?.account || []))
  const [account] = accounts.size === 1 ? accounts : []
  const scene = { estate, sink, file: input.name, place: keys.terraformState(name), account }
  for (const taken of known) {
    const outcome = mappers.get(taken.type)?.(scene, taken) ?? 'not-relevant'
    if (outcome === true) report.mapped()
    else report.skipped(outcome === false ? 'missing-identifier' : outcome, taken.where)
  }
  noteGuesses(known, estate, report)
}

function noteGuesses(known: readonly Taken[], { cluster, owners }: Estate, report: FileReport): void {
  if (known.some(({ type }) => type.startsWith('kubernetes_')))
    report.note(
      `A state names no cluster: its secrets are taken to be in ${cluster.slice(0, 100)}; --scope says another.`,
    )
  const unowned = (taken: Taken) =>
    taken.type.startsWith('github_actions_') &&
    !owners.has('') &&
    !owners.has((taken.text('repository') ?? '').toLowerCase())
  if (known.some(unowned))
    report.note('The owner of a GitHub repository is not known: name it with --scope owner/name.')
}
