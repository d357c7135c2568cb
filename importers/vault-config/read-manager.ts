import { authMount, secretsMount, ttlSeconds, type VaultPlace, type VaultRecord } from '../read/vault/model.ts'
import { authRole, verifierOf } from './read-auth.ts'
import { asData, flagIn, textIn, textsIn, type Data } from './replies.ts'

/** One file of a vault-manager bundle, by the path that `$ref` calls it. */
export interface ManagedFile {
  readonly path: string
  readonly schema: string
  readonly data: Data
  readonly place: VaultPlace
}

/** Schemas of vault-manager (app-interface): what a Vault shall be, an instance named in each file. */
export const managedSchema = '/vault-config/'

/** A record, and the address of the Vault that it is of. */
export interface Addressed {
  readonly address: string
  readonly record: VaultRecord
}

/** Files refer to each other by path, so all have to be there: `undefined` for a file that names no known instance. */
export function readManaged(files: readonly ManagedFile[]): ReadonlyMap<ManagedFile, readonly Addressed[]> {
  const byPath = new Map(files.map((file) => [normal(file.path), file]))
  const read = new Map<ManagedFile, readonly Addressed[]>()
  for (const file of files) {
    const instance = file.schema.includes('/instance-') ? file : targetOf(byPath, file, 'instance')
    const address = instance && addressOf(instance.data)
    const records = address === undefined ? [] : recordsOf(file, byPath)
    read.set(
      file,
      records.map((record) => ({ address: address!, record })),
    )
  }
  return read
}

const normal = (path: string): string => {
  const at = path.lastIndexOf('/services/')
  return at < 0 ? path : path.slice(at)
}

function targetOf(
  byPath: ReadonlyMap<string, ManagedFile>,
  { data }: ManagedFile,
  field: string,
): ManagedFile | undefined {
  const ref = textIn(asData(data.get(field)), '$ref')
  return ref === undefined ? undefined : byPath.get(normal(ref))
}

/** Host and port: two instances may run on one machine. */
function addressOf(data: Data): string | undefined {
  const address = textIn(data, 'address')
  return address !== undefined && URL.canParse(address) ? new URL(address).hostname : undefined
}

function recordsOf(file: ManagedFile, byPath: ReadonlyMap<string, ManagedFile>): VaultRecord[] {
  const { schema, data, place } = file
  const kind = schema.slice(managedSchema.length).split('-').slice(0, -1).join('-')
  const reader = readers.get(kind)
  return reader === undefined ? [] : reader({ file, data, place, byPath })
}

interface Managed {
  readonly file: ManagedFile
  readonly data: Data
  readonly place: VaultPlace
  readonly byPath: ReadonlyMap<string, ManagedFile>
}

const mountReader =
  (toMount: (path: string) => string) =>
  ({ data, place }: Managed): VaultRecord[] => {
    const [path, type] = [textIn(data, '_path'), textIn(data, 'type')]
    if (path === undefined || type === undefined) return []
    const config = asData(asData(data.get('settings')).get('config'))
    const version = textIn(asData(data.get('options')), 'version')
    return [
      {
        what: 'mount',
        place,
        path: toMount(path),
        type,
        version: type === 'kv' ? (version === '2' ? 2 : 1) : undefined,
        defaultTtl: ttlSeconds(asData(data.get('config')).get('default_lease_ttl')),
        verifier: verifierOf(config),
        // `{path, field}` stands where a value of another secret is taken.
        reads: [...config.values()].flatMap((value) => textIn(asData(value), 'path') ?? []),
      },
    ]
  }

const readers = new Map<string, (managed: Managed) => VaultRecord[]>([
  ['auth', mountReader(authMount)],
  ['secret-engine', mountReader(secretsMount)],
  [
    'policy',
    ({ data, place }) => {
      const [name, text] = [textIn(data, 'name'), data.get('rules')]
      return name === undefined || typeof text !== 'string' ? [] : [{ what: 'policy', place, name, text }]
    },
  ],
  [
    'audit',
    ({ data, place }) => {
      const options = asData(data.get('options'))
      const [path, type] = [textIn(data, '_path'), textIn(data, 'type')]
      const [hmacAccessor, logRaw] = [flagIn(options, 'hmac_accessor'), flagIn(options, 'log_raw')]
      return path === undefined || type === undefined
        ? []
        : [{ what: 'audit-device', place, path, type, hmacAccessor, logRaw }]
    },
  ],
  ['instance', () => []],
  ['role', readRole],
])

function readRole({ file, data, place, byPath }: Managed): VaultRecord[] {
  const name = textIn(data, 'name')
  const mount = textIn(targetOf(byPath, file, 'mount')?.data ?? new Map(), '_path')
  if (name === undefined || mount === undefined) return []
  const type = textIn(data, 'type')
  const options = new Map(asData(data.get('options')))
  for (const field of ['token_policies', 'policies']) options.set(field, policyNames(options, field, byPath))
  const role = authRole(mount, name, options, place, type)
  const writtenTo = textIn(data, 'output_path')
  if (type !== 'approle' || writtenTo === undefined) return [role]
  return [role, { what: 'secret-id', place, mount: role.mount, role: name, accessor: '', writtenTo }]
}

/** Policies are named by the file that holds them. */
function policyNames(options: Data, field: string, byPath: ReadonlyMap<string, ManagedFile>): string[] {
  const listed = options.get(field)
  if (!Array.isArray(listed)) return textsIn(options, field)
  return (listed as unknown[]).flatMap((one) => {
    const ref = textIn(asData(one), '$ref')
    if (ref === undefined) return typeof one === 'string' ? [one] : []
    return textIn(byPath.get(normal(ref))?.data ?? new Map(), 'name') ?? []
  })
}
