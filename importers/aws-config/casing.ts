import { fieldsOf, type Fields } from './item.ts'

/** Fields whose names are words of people, or of a policy: they stay as they are. */
const asWritten = new Set(['variables', 'tags', 'policy', 'options', 'dockerlabels'])

/**
 * The same fields as the API of the service writes them. AWS Config has `roleName` where IAM says `RoleName`, and
 * `ContainerDefinitions` where ECS says `containerDefinitions`; only the first letter differs.
 * @param first what becomes of the first letter
 */
export function recased(configuration: Fields, first: 'upper' | 'lower'): Fields {
  return walked(configuration, first, 0) as Fields
}

/** Config nests no deeper than the services do. */
const DEEPEST = 24

function walked(value: unknown, first: 'upper' | 'lower', depth: number): unknown {
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) return value.map((one) => walked(one, first, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([name, inner]) => [
      cased(name, first),
      asWritten.has(name.toLowerCase()) ? inner : walked(inner, first, depth + 1),
    ]),
  )
}

function cased(name: string, first: 'upper' | 'lower'): string {
  const letter = name[0] ?? ''
  // `__proto__` and its like are no names of fields.
  if (letter === '_') return `_${name}`
  return (first === 'upper' ? letter.toUpperCase() : letter.toLowerCase()) + name.slice(1)
}
