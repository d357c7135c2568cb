import type { EntityFact, Evidence, Props } from '../../graph/facts.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import { parseArn } from '../read/arn.ts'
import type { Field } from './columns.ts'
import { momentOf, secondsOf, tierOf, truthOf } from './values.ts'

export interface Row {
  readonly cell: (field: Field) => string | undefined
  readonly file: string
  readonly line: number
}

const source = 'cmdb-csv'
const texts = ['owner', 'onCall', 'approver', 'revoker', 'criticality', 'purpose', 'environment', 'lifecycle'] as const
const rules = ['rotationRule', 'freezeWindows', 'vendorContact'] as const

/** Says what one row says. False: the row does not say which thing it is about. */
export function mapRow(row: Row, sink: Sink): boolean {
  const thing = thingOf(row)
  if (thing === undefined) return false
  const evidence: Evidence[] = [{ source, kind: 'asserted', file: row.file, record: `line ${row.line}` }]
  sink.entity({ ...thing, props: propsOf(row), evidence })
  const relate = (
    kind: 'OWNED_BY' | 'SUPPLIED_BY' | 'CONTAINED_IN' | 'DEPENDS_ON',
    to: EntityFact,
    from = thing.id,
  ) => {
    if (to.id === from) return
    sink.entity(to)
    sink.relationship({ kind, from, to: to.id, evidence })
  }
  const team = row.cell('team')
  if (team !== undefined) relate('OWNED_BY', { id: keys.team(team), kind: 'business.team', name: team })
  const vendor = row.cell('vendor')
  if (vendor !== undefined) relate('SUPPLIED_BY', { id: keys.vendor(vendor), kind: 'business.vendor', name: vendor })
  const system = row.cell('system')
  // What a system consists of it needs, as in a catalog; a credential or repository is part of it and serves nothing by itself.
  if (system !== undefined) {
    const whole = { id: keys.system(system), kind: 'business.system' as const, name: system }
    relate('CONTAINED_IN', whole)
    if (thing.kind === 'business.system' && whole.id !== thing.id)
      sink.relationship({ kind: 'DEPENDS_ON', from: whole.id, to: thing.id, evidence })
  }
  const repository = repositoryOf(row.cell('repository'))
  if (repository !== undefined && thing.kind === 'business.system') {
    const to = keys.githubRepository(repository)
    sink.entity({ id: to, kind: 'github.repository', name: repository })
    sink.relationship({ kind: 'DEFINED_IN', from: thing.id, to, evidence })
  }
  if (thing.kind === 'business.system')
    for (const name of listOf(row.cell('dependsOn')))
      relate('DEPENDS_ON', { id: keys.system(name), kind: 'business.system', name })
  return true
}

const listOf = (cell: string | undefined): string[] =>
  (cell ?? '')
    .split(/[;,|]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .slice(0, 200)

/** Words in a class that make a row something else than a system. The first that occurs counts. */
const classes: readonly (readonly [word: string, kind: EntityKind])[] = [
  ['credential', 'generic.credential'],
  ['certificate', 'generic.credential'],
  ['account', 'generic.credential'],
  ['secret', 'generic.secret'],
  ['key', 'generic.credential'],
  ['server', 'generic.resource'],
  ['database', 'generic.resource'],
  ['db_', 'generic.resource'],
  ['cluster', 'generic.resource'],
  ['network', 'generic.resource'],
  ['storage', 'generic.resource'],
]

/** An identifier that a platform knows is surer than a name; a name alone is a system, unless its class says otherwise. */
function thingOf(row: Row): EntityFact | undefined {
  const name = row.cell('name')
  const arn = row.cell('arn')
  if (arn !== undefined && parseArn(arn)) return { id: keys.awsArn(arn), ...(name !== undefined && { name }) }
  const accessKey = row.cell('accessKey')
  if (accessKey !== undefined && isAccessKey(accessKey))
    return {
      id: keys.awsAccessKey(accessKey),
      kind: 'aws.iam_access_key',
      name: accessKey,
      aliases: name ? [name] : [],
    }
  const repository = repositoryOf(row.cell('repository'))
  // `cmdb_ci_db_instance`: what stands before it is in every class.
  const type = (row.cell('class') ?? '').toLowerCase().replace('cmdb_ci_', '')
  const kind = classes.find(([word]) => type.includes(word))?.[1]
  if (name === undefined)
    return repository === undefined
      ? undefined
      : { id: keys.githubRepository(repository), kind: 'github.repository', name: repository }
  const id = row.cell('id')
  const aliases = id === undefined ? [] : [id]
  if (kind === undefined) return { id: keys.system(name), kind: 'business.system', name, aliases }
  return { id: `cmdb:${(id ?? name).toLowerCase()}`, kind, name, aliases }
}

const isAccessKey = (text: string): boolean =>
  text.length === 20 && (text.startsWith('AKIA') || text.startsWith('ASIA'))

/** `acme/shop`, or its address on GitHub. */
export function repositoryOf(cell: string | undefined): string | undefined {
  if (cell === undefined) return undefined
  const at = cell.toLowerCase().indexOf('github.com')
  const path = at < 0 ? cell : cell.slice(at + 'github.com'.length + 1)
  const [owner, name, ...rest] = path.split('/')
  if (!owner || !name || (at < 0 && rest.length > 0) || owner.includes(' ') || name.includes(' ')) return undefined
  return `${owner}/${name.endsWith('.git') ? name.slice(0, -'.git'.length) : name}`
}

function propsOf(row: Row): Props {
  const props: Props = {}
  for (const field of [...texts, ...rules]) {
    const cell = row.cell(field)
    if (cell !== undefined) props[field] = cell.slice(0, 1000)
  }
  const team = row.cell('team')
  if (team !== undefined) props['team'] = team.slice(0, 256)
  const tier = tierOf(row.cell('criticality'))
  if (tier !== undefined) props['tier'] = tier
  const expires = momentOf(row.cell('expiresAt'))
  if (expires !== undefined) props['expiresAt'] = expires
  const rotated = momentOf(row.cell('lastRotatedAt'))
  if (rotated !== undefined) props['lastRotatedAt'] = rotated
  const rotation = secondsOf(row.cell('rotationRule'), 'days')
  if (rotation !== undefined) props['rotationSeconds'] = rotation
  const tolerance = row.cell('tolerance')
  if (tolerance !== undefined) props['tolerance'] = tolerance.slice(0, 256)
  const tolerated = secondsOf(tolerance, undefined)
  if (tolerated !== undefined) props['toleranceSeconds'] = tolerated
  const glass = row.cell('breakGlass')
  const isGlass = truthOf(glass)
  if (isGlass !== undefined) props['breakGlass'] = isGlass
  else if (glass !== undefined) {
    props['breakGlass'] = true
    props['breakGlassProcedure'] = glass.slice(0, 1000)
  }
  const kind = row.cell('class')
  if (kind !== undefined) props['cmdbClass'] = kind.slice(0, 256)
  return props
}
