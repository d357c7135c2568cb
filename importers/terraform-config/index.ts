import type { FileReport, Importer, ImporterRun, InputFile, Probe, RunContext } from '../importer.ts'
import { isJsonSyntax, parseJsonSyntax } from './json-syntax.ts'
import { parseHcl, type HclBlock } from '../read/parse-hcl.ts'
import { account, type Outcomes, type ReadFile } from './account.ts'
import { evaluate } from './evaluate.ts'
import { addFile, addValues, emptyFolder, type Declared, type Folder } from './folder.ts'
import { credentialRows, generatorRows, type Mapper } from './map-credentials.ts'
import { identityRows } from './map-identities.ts'
import { placeRows } from './map-places.ts'
import { folderOfSource, openModule, rootInputs, type Instance, type Module, type World } from './module.ts'
import { resourceOf, type Scene } from './scene.ts'
import { sharedModules } from './shared-modules.ts'
import { textOf } from './value.ts'

/** `*.tf`: what Terraform would make, read before it is made. */
export const terraformConfig: Importer = {
  id: 'terraform-config',
  title: 'Terraform configuration',
  reads:
    'HCL of Terraform and OpenTofu (`*.tf`, `*.tfvars`): credentials, where they are written, shared modules by a table',
  collect:
    'git clone --depth 1 https://github.com/acme/infrastructure && keyfall import infrastructure --scope acme/infrastructure',
  emits: [
    'aws.iam_access_key',
    'aws.iam_user',
    'aws.iam_role',
    'aws.instance_profile',
    'aws.console_password',
    'aws.identity_provider_or_trust_anchor',
    'aws.service_principal',
    'aws.federated_principal',
    'aws.external_principal',
    'aws.secretsmanager_secret',
    'aws.ssm_parameter',
    'aws.lambda_function',
    'aws.ecs_task',
    'aws.ec2_instance',
    'aws.rds_instance',
    'azure.keyvault_secret',
    'azure.managed_identity',
    'business.team',
    'circleci.context',
    'db.mssql_login',
    'db.mysql_password',
    'db.oracle_password',
    'db.postgres_password',
    'db.redis_acl_user',
    'db.user',
    'entra.client_certificate',
    'entra.client_secret',
    'entra.service_principal',
    'gcp.secret_version',
    'gcp.service_account',
    'gcp.service_account_key',
    'gcp.workload_identity_provider',
    'generic.api_key',
    'generic.credential',
    'generic.identity',
    'generic.password',
    'github.actions_secret',
    'github.environment',
    'github.organization',
    'github.repository',
    'k8s.namespace',
    'k8s.sa_token_legacy_secret',
    'k8s.secret_object',
    'k8s.service_account',
    'vault.kv2_secret',
    'vault.secret_path',
  ],
  blindTo: [
    'whether the configuration was ever applied, and what was changed by hand since',
    'copies of a value that this configuration does not write',
    'what shared modules make that its table does not know',
    'values that are only known when it is applied',
  ],
  nature: 'snapshot',
  detect,
  begin,
}

/** Words that begin a block of a configuration, with how many labels each has. */
const words = new Map([
  ['resource', 2],
  ['data', 2],
  ['module', 1],
  ['variable', 1],
  ['output', 1],
  ['provider', 1],
  ['locals', 0],
  ['terraform', 0],
  ['moved', 0],
  ['import', 0],
  ['removed', 0],
  ['check', 1],
])

function detect({ name, head }: Probe): number {
  const file = name.slice(name.lastIndexOf('/') + 1)
  if (file.endsWith('.tfvars')) return 0.95
  const start = head.trimStart()[0]
  if (isJsonSyntax(file)) return start === '{' ? 0.95 : 0
  if (start === '{' || start === '[') return 0
  let blocks = 0
  for (const line of head.split('\n', 2_000)) {
    const [word = '', ...labels] = line.trimEnd().split(' ')
    const wanted = words.get(word)
    if (wanted === undefined || !line.includes('{')) continue
    if (labels.filter((label) => label.startsWith('"')).length === wanted) blocks++
  }
  if (file.endsWith('.tf')) return blocks > 0 ? 1 : 0.9
  return blocks > 1 ? 0.85 : 0
}

function begin(context: RunContext): ImporterRun {
  const files: ReadFile[] = []
  const folders = new Map<string, Folder>()
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      const path = input.name.slice(0, Math.max(0, input.name.lastIndexOf('/')))
      const folder = folders.get(path) ?? emptyFolder(path)
      folders.set(path, folder)
      const isValues = input.name.endsWith('.tfvars') || input.name.endsWith('.tfvars.json')
      const text = await input.text()
      const parsed = isJsonSyntax(input.name) ? await parseJsonSyntax(text, isValues) : await parseHcl(text)
      if ('reason' in parsed) {
        report.read?.()
        return report.skipped(parsed.reason, '/')
      }
      const records = parsed.blocks.length + (isValues ? parsed.attributes.size : 0) + parsed.damagedLines.length
      report.read?.(Math.max(1, records))
      for (const line of parsed.damagedLines) report.skipped('unreadable-record', `line ${line}`)
      if (records === 0) report.skipped('empty', '/')
      if (isValues) {
        addValues(folder, input.name, parsed)
        report.mapped(parsed.attributes.size)
        // Nothing but values belongs there.
        for (const { line } of parsed.blocks) report.skipped('unreadable-record', `line ${line}`)
        return
      }
      addFile(folder, input.name, parsed)
      files.push({ report, blocks: parsed.blocks })
    },
    async end(): Promise<void> {
      const outcomes = await mapAll(context, folders)
      for (const file of files) account(file, outcomes)
    },
  }
}

const rows = new Map([...credentialRows, ...identityRows, ...placeRows])
const generators = new Map(generatorRows)
/** Steps of evaluation for a folder: some thousand times what folders of people need. */
const budget = 500_000

async function mapAll(context: RunContext, folders: ReadonlyMap<string, Folder>): Promise<Outcomes> {
  const known = await sharedModules()
  const outcomes: Outcomes = { of: new Map(), unknownModules: new Map(), several: new Set(), unnamed: new Set() }
  const world = (): World => ({ folder: (path) => folders.get(path), known, budget: { left: budget } })
  const called = calledFolders(world(), folders)
  const scenes = new Map<string, ReturnType<typeof openScene>>()
  for (const folder of folders.values()) {
    if (called.has(folder)) continue
    const tree = treeOf(context, folder.path)
    const open = scenes.get(tree.name) ?? openScene(context, tree)
    scenes.set(tree.name, open)
    const at = { address: '', root: tree.path(folder.path), depth: 0 }
    const own = world()
    const module = openModule(own, folder, at, rootInputs(own, folder))
    const owner = ownerOf(module) ?? (context.scopeName?.includes('/') ? context.scopeName.split('/')[0] : undefined)
    if (owner !== undefined) open.owners.set(at.root, owner)
    mapModule(open.scene, module, outcomes, rows)
    mapModule(open.scene, module, outcomes, generators)
    open.finish()
  }
  return outcomes
}

/** Folders that another one calls as its module: on their own they make nothing. */
function calledFolders(world: World, folders: ReadonlyMap<string, Folder>): ReadonlySet<Folder> {
  const called = new Set<Folder>()
  for (const folder of folders.values())
    for (const { block } of folder.modules.values()) {
      const source = block.attributes.get('source')
      const text = source?.kind === 'literal' && typeof source.value === 'string' ? source.value : undefined
      const found = text?.startsWith('.') === true ? folderOfSource(world, folder, text) : undefined
      if (found && found.folder !== folder) called.add(found.folder)
    }
  return called
}

interface Tree {
  readonly name: string
  readonly cluster: string
  /** A path as it is told: below the tree, where the tree has a name of its own. */
  path(full: string): string
}

/**
 * The tree that a folder belongs to: with `--scope` all is one of that name, and what archive or folder it came in does
 * not count, so that next month's copy is the same tree. Without, it is called after the folder that was named.
 */
function treeOf({ scopeName }: RunContext, path: string): Tree {
  const parts = path.split('/')
  const root = parts[0] ?? ''
  if (scopeName !== undefined)
    return { name: scopeName, cluster: scopeName, path: (full) => full.split('/').slice(1).join('/') }
  return { name: root === '' ? 'configuration' : root, cluster: parts[1] ?? (root || 'cluster'), path: (full) => full }
}

function openScene(context: RunContext, tree: Tree) {
  const name = tree.name.slice(0, 200)
  // A folder alone proves nothing about those beside it: what is missing is not retired.
  const sink = context.scope({
    id: `terraform-config/${name}`,
    title: `Terraform configuration ${name}`,
    complete: false,
  })
  const waiting: (() => void)[] = []
  const owners = new Map<string, string>()
  const scene: Scene = {
    context,
    sink,
    tree: name,
    cluster: tree.cluster.slice(0, 200),
    label: tree.path,
    owners,
    made: new Map(),
    takers: new Map(),
    versions: new Map(),
    later: (relate) => void waiting.push(relate),
  }
  const finish = () => {
    for (const relate of waiting) relate()
    waiting.length = 0
    // The next root module has addresses of its own.
    for (const names of [scene.made, scene.takers, scene.versions]) names.clear()
  }
  return { scene, owners, finish }
}

/** Who owns the repositories that the provider of GitHub means. */
function ownerOf({ folder, top }: Module): string | undefined {
  for (const { block } of folder.providers) {
    if (block.labels[0] !== 'github') continue
    const owner = textOf(evaluate(block.attributes.get('owner') ?? block.attributes.get('organization'), top.names))
    if (owner !== undefined && owner !== '') return owner
  }
  return undefined
}

function mapModule(scene: Scene, module: Module, outcomes: Outcomes, mappers: ReadonlyMap<string, Mapper>): void {
  for (const [address, declared] of module.folder.resources)
    mapBlock(scene, module, address, declared, outcomes, mappers)
  for (const [name, { block }] of module.folder.modules) {
    const calls = module.children(name)
    outcomes.of.set(block, calls.length > 0 || outcomes.of.get(block) === 'mapped' ? 'mapped' : 'unknown-type')
    if (calls.length === 0 && module.instances(module.folder.modules.get(name)!, name).length > 0) {
      const source = block.attributes.get('source')
      outcomes.unknownModules.set(
        block,
        source?.kind === 'literal' ? String(source.value) : 'a source that is not known',
      )
    } else if (calls.length === 0) outcomes.of.set(block, 'not-relevant')
    for (const { module: child } of calls) mapModule(scene, child, outcomes, mappers)
  }
}

/** The block of the files that a module's resource goes back to. */
function callerOf({ declared, module }: Instance): HclBlock {
  return declared.file === '' && module.caller ? callerOf(module.caller) : declared.block
}

function mapBlock(
  scene: Scene,
  module: Module,
  address: string,
  declared: Declared,
  outcomes: Outcomes,
  mappers: ReadonlyMap<string, Mapper>,
): void {
  const { block } = declared
  const type = block.type === 'data' ? `data.${block.labels[0]}` : (block.labels[0] ?? '')
  const mapper = mappers.get(type)
  if (!mapper) return
  const instances = module.instances(declared, address)
  if (instances.length === 0) outcomes.of.set(block, outcomes.of.get(block) ?? 'not-relevant')
  for (const instance of instances) {
    if (instance.several) outcomes.several.add(block)
    const outcome = mapper(scene, resourceOf(instance, type))
    if (outcome === false) outcomes.unnamed.add(callerOf(instance))
    const told = outcome === true ? 'mapped' : outcome === false ? 'missing-identifier' : outcome
    if (outcomes.of.get(block) !== 'mapped') outcomes.of.set(block, told)
  }
}
