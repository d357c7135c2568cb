import type { SkipReason } from '../../../graph/facts.ts'
import { keys } from '../../../graph/keys.ts'
import type { VaultPolicy } from './model.ts'
import { decider, type NamedPolicy, type PolicyRule } from './policy.ts'
import type { ReadPolicy } from './policy-text.ts'
import { given, listed, type Scene, type VaultNote } from './scene.ts'

export type PolicyTexts = Map<
  string,
  { readonly record: VaultPolicy; readonly read: ReadPolicy | { readonly reason: SkipReason } }
>

/** Pairs of holder and path beyond this are not evaluated, and that is said. */
const mostPairs = 2_000_000

/** What each role, entity and group may read of the paths that are known. A permission: never taken for a use. */
export function mapAccess(scene: Scene, texts: PolicyTexts): VaultNote[] {
  for (const { record, read } of texts.values()) describe(scene, record, 'reason' in read ? [] : read.rules)
  const notes: VaultNote[] = []
  const missing = new Set<string>()
  let pairs = 0
  for (const holder of holdersOf(scene)) {
    const policies: NamedPolicy[] = []
    for (const name of holder.policies) {
      const known = texts.get(`${holder.namespace}${name}`)
      if (known && !('reason' in known.read))
        policies.push({ name, rules: absolute(holder.namespace, known.read.rules) })
      else if (name === 'root') policies.push({ name, rules: [] })
      // Every token has `default`; by itself it opens no secret.
      else if (name !== 'default') missing.add(name)
    }
    if (policies.length === 0) continue
    pairs += scene.readable.size
    if (pairs > mostPairs) {
      notes.push({
        file: holder.place.file,
        text: 'too many roles and paths: what policies allow was not worked out for all',
      })
      break
    }
    const may = decider(policies)
    for (const { id, request, capability } of scene.readable.values()) {
      const decision = may(capability, request)
      if (decision.outcome === 'deny') continue
      const [policy, ...others] = decision.policies.map((name) =>
        keys.vaultPolicy(scene.vault.address, `${holder.namespace}${name}`),
      )
      const sure = decision.outcome === 'allow'
      scene.relate(
        {
          kind: 'CAN_ACCESS',
          from: holder.id,
          to: id,
          confidence: 'none',
          props: given({
            // Named alone where taking it away takes the access away.
            policy: others.length === 0 ? policy : undefined,
            capability,
            conditions: listed([...decision.conditions, ...(sure ? [] : ['template'])]),
          }),
        },
        holder.place,
        sure
          ? `${decision.policies.join(', ')}: ${decision.pattern ?? ''}`
          : 'a template in a policy decides: it may, depending on who asks',
      )
    }
  }
  if (missing.size > 0)
    notes.push({
      file: scene.of('auth-role')[0]?.place.file ?? '',
      text: `${missing.size} policies are named and not in the export (${[...missing].sort().slice(0, 5).join(', ')}): what they allow is not known`,
    })
  return notes
}

/** Rules of a policy in a namespace speak of paths below it. */
const absolute = (namespace: string, rules: readonly PolicyRule[]): readonly PolicyRule[] =>
  namespace === '' ? rules : rules.map((rule) => ({ ...rule, pattern: `${namespace}${rule.pattern}` }))

function describe(scene: Scene, record: VaultPolicy, rules: readonly PolicyRule[]): void {
  const id = scene.entity(
    {
      id: keys.vaultPolicy(scene.vault.address, `${record.namespace ?? ''}${record.name}`),
      kind: 'vault.policy',
      name: record.name,
      props: given({
        rules: rules
          .slice(0, 200)
          .map(({ pattern, deny, capabilities }) => `${deny ? 'deny' : capabilities.join(',')} ${pattern}`),
      }),
    },
    record.place,
  )
  scene.relate({ kind: 'CONTAINED_IN', from: id, to: keys.vaultServer(scene.vault.address) }, record.place)
}

interface Holder {
  readonly id: string
  readonly policies: readonly string[]
  readonly namespace: string
  readonly place: VaultPolicy['place']
}

function* holdersOf(scene: Scene): Generator<Holder> {
  const { address } = scene.vault
  for (const { namespace = '', mount, name, policies, place } of scene.of('auth-role'))
    yield { id: keys.vaultRole(address, `${namespace}${mount}`, name), policies, namespace, place }
  for (const { namespace = '', id, policies, place } of scene.of('entity'))
    yield { id: keys.vaultEntity(address, id), policies, namespace, place }
  for (const { namespace = '', id, policies, place } of scene.of('group'))
    yield { id: keys.vaultGroup(address, id), policies, namespace, place }
}
