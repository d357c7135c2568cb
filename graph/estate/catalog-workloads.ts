import { idOf, relationshipKey } from '../ids.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { KnownEntity, KnownFacts } from '../known.ts'

/**
 * A catalog names the workloads of a component by a label (`backstage.io/kubernetes-id`): whatever bears it serves the
 * component. Where the catalog also names cluster or namespace, only what runs there is meant.
 */
export function withCatalogWorkloads(facts: KnownFacts): KnownFacts {
  const labelled = new Map<string, KnownEntity[]>()
  const components: KnownEntity[] = []
  for (const entity of facts.entities.values()) {
    const label = entity.props?.['kubernetesId']
    if (typeof label !== 'string') continue
    if (entity.kind === 'business.system') components.push(entity)
    else if (entityKinds[entity.kind].role === 'workload') labelled.set(label, [...(labelled.get(label) ?? []), entity])
  }
  if (components.length === 0 || labelled.size === 0) return facts
  const relationships = new Map(facts.relationships)
  for (const component of components)
    for (const workload of labelled.get(String(component.props!['kubernetesId'])) ?? []) {
      if (!isThere(component, workload)) continue
      const id = idOf(relationshipKey({ kind: 'DEPENDS_ON', from: component.key, to: workload.key }))
      const known = relationships.get(id)
      const note = 'label backstage.io/kubernetes-id, which the catalog names'
      relationships.set(id, {
        ...known,
        id,
        kind: 'DEPENDS_ON',
        from: component.id,
        to: workload.id,
        confidence: 'confirmed',
        evidence: [...(known?.evidence ?? []), { source: 'keyfall', kind: 'declared', note }],
      })
    }
  return { entities: facts.entities, relationships }
}

function isThere({ props: wanted }: KnownEntity, { props: found }: KnownEntity): boolean {
  const same = (of: string, at: string): boolean => {
    const said = wanted?.[of]
    return typeof said !== 'string' || found?.[at] === undefined || found[at] === said
  }
  return same('kubernetesNamespace', 'namespace') && same('kubernetesCluster', 'cluster')
}
