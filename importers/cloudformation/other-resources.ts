import { evaluate } from './evaluate.ts'
import { keyOf, targetsOf, tell, type Outcome, type Resource, type Scene } from './scene.ts'
import { dynamicOf, usesSecret, type Named } from './secrets.ts'
import { isMap, type Node } from './template.ts'

const secretWords = ['password', 'secret', 'token', 'privatekey', 'apikey', 'connectionstring', 'credentials']

/**
 * A resource of a type without a row: what it takes from a secret or a credential when it is deployed still counts. One
 * that seems to hold a value which nothing shows is of an unknown type, and not irrelevant.
 */
export function mapOther(scene: Scene, resource: Resource): Outcome {
  const found: Named[] = []
  walk(resource.properties, (node) => {
    const value = evaluate(node, scene.names)
    found.push(...dynamicOf(scene, value))
    for (const one of targetsOf(scene, value))
      if (one.role === 'credential' && (one.kind !== 'aws.iam_access_key' || one.attribute === 'SecretAccessKey'))
        found.push(one)
  })
  if (found.length === 0) return seemsToHold(resource) ? 'unknown-type' : 'not-relevant'
  const id = keyOf(scene, resource.logicalId)
  const name = resource.physicalId ?? resource.logicalId
  tell(scene, resource, { id, kind: 'generic.workload', name: name.slice(0, 1024), props: { type: resource.type } })
  const seen = new Set<string>()
  for (const one of found) {
    const use = `${one.id} ${one.key ?? ''} ${one.version ?? ''}`
    if (!seen.has(use)) usesSecret(scene, resource, id, one, { delivery: 'deploy_time' }, resource.type)
    seen.add(use)
  }
  return 'mapped'
}

/** Each value that is a text or a function; what is inside a function is that function's. */
function walk(node: Node | undefined, visit: (node: Node) => void): void {
  if (typeof node === 'string') visit(node)
  else if (Array.isArray(node)) for (const one of node as Node[]) walk(one, visit)
  else if (isMap(node)) {
    const [name = ''] = node.size === 1 ? [...node.keys()] : []
    if (name === 'Ref' || name.startsWith('Fn::')) visit(node)
    else for (const one of node.values()) walk(one, visit)
  }
}

function seemsToHold({ properties, type }: Resource): boolean {
  if (type.startsWith('AWS::IAM::') || type.startsWith('AWS::SecretsManager::')) return false
  return [...properties.keys()].some((name) => {
    const word = name.toLowerCase()
    // A custom resource names its function by `ServiceToken`, which is no token.
    if (word === 'servicetoken' || word.endsWith('arn') || word.endsWith('id')) return false
    return secretWords.some((one) => word.includes(one))
  })
}
