import type { HclBlock } from '../read/parse-hcl.ts'
import { trusted, type Trusted } from '../read/trust-policy.ts'
import { evaluate } from './evaluate.ts'
import { bodyValue } from './module.ts'
import type { Resource } from './scene.ts'
import { isList, isMap, member, textOf, unknown, type Value } from './value.ts'

/** Whom the trust policy of a role lets in, as far as the files say: JSON in place, `jsonencode`, or a policy document. */
export function trustsOf(resource: Resource): readonly Trusted[] {
  const text = resource.text('assume_role_policy')
  if (text !== undefined) return trusted(text)
  const policy = resource.instance.declared.block.attributes.get('assume_role_policy')
  if (policy?.kind === 'call' && policy.name === 'jsonencode')
    return trusted(JSON.stringify(plain(evaluate(policy.args[0], resource.instance.names))))
  return resource.references('assume_role_policy').flatMap(({ base }) => {
    const at = base.lastIndexOf('data.aws_iam_policy_document.')
    const document = at < 0 ? undefined : resource.instance.module.folder.resources.get(base.slice(at))
    return document ? trusted(JSON.stringify({ Statement: statementsOf(resource, document.block) })) : []
  })
}

/** As JSON; what is not known is left out. */
function plain(value: Value): unknown {
  if (value === unknown) return undefined
  if (isMap(value)) return Object.fromEntries([...value].map(([name, one]) => [name, plain(one)]))
  return isList(value) ? value.filter((one) => one !== unknown).map(plain) : value
}

function statementsOf({ instance }: Resource, document: HclBlock): unknown[] {
  const blocks = (value: Value) => (isList(value) ? value : [])
  return document.blocks
    .filter(({ type }) => type === 'statement')
    .map((statement) => {
      const part = (name: string) => bodyValue(statement, name, instance.names)
      const conditions = blocks(part('condition')).map((one) => ({
        test: textOf(member(one, 'test')) ?? 'unknown',
        variable: textOf(member(one, 'variable')) ?? 'unknown',
        values: plain(member(one, 'values')),
      }))
      // The provider's own name is often only known to the platform; the variable of the condition begins with it.
      const host = conditions.find(({ variable }) => variable.endsWith(':sub'))?.variable.slice(0, -':sub'.length)
      const principals = blocks(part('principals')).map((one) => {
        const type = textOf(member(one, 'type')) ?? 'unknown'
        const ids = (plain(member(one, 'identifiers')) as unknown[] | undefined) ?? []
        return [type, ids.length === 0 && type === 'Federated' && host !== undefined ? [host] : ids] as const
      })
      return {
        Effect: textOf(part('effect')) ?? 'Allow',
        Principal: Object.fromEntries(principals),
        Condition: Object.fromEntries(
          conditions.map(({ test, variable, values }) => [test, { [variable]: values ?? [] }]),
        ),
      }
    })
}
