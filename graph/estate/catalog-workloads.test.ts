import { expect, it } from 'vitest'
import type { EntityFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import { startMerge } from '../merge.ts'
import { withCatalogWorkloads } from './catalog-workloads.ts'

const api = keys.k8s('eu', 'shop', 'deployment', 'api')
const needs = (component: EntityFact['props'], workload: EntityFact['props']) => {
  const merge = startMerge()
  const component_ = {
    id: keys.system('Shop'),
    kind: 'business.system' as const,
    ...(component && { props: component }),
  }
  merge.entity(component_)
  merge.entity({ id: api, kind: 'k8s.deployment', ...(workload && { props: workload }) })
  return [...withCatalogWorkloads(merge.finish()).relationships.values()].map(({ kind, to }) => `${kind} ${to}`)
}

it.each([
  [{ kubernetesId: 'shop' }, { kubernetesId: 'shop', namespace: 'shop' }, true],
  [{ kubernetesId: 'shop', kubernetesNamespace: 'shop' }, { kubernetesId: 'shop', namespace: 'shop' }, true],
  [{ kubernetesId: 'shop', kubernetesNamespace: 'till' }, { kubernetesId: 'shop', namespace: 'shop' }, false],
  [{ kubernetesId: 'shop' }, { kubernetesId: 'Shop' }, false],
  [{}, { kubernetesId: 'shop' }, false],
])('a component %j and a workload %j: %s', (component, workload, joined) =>
  expect(needs(component, workload)).toEqual(joined ? [`DEPENDS_ON ${idOf(api)}`] : []),
)
