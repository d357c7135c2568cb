import { z } from 'zod'
import type { EntityFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { parseArn } from './arn.ts'
import { jsonDepth } from './json-depth.ts'
import { limits } from './limits.ts'

export type Trusted = EntityFact & { readonly provider?: string }

const oneOrMore = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value))
const Statement = z.object({
  Effect: z.literal('Allow'),
  Principal: z.union([
    z.literal('*').transform(() => new Map([['AWS', ['*']]])),
    z.record(z.string(), oneOrMore).transform((map) => new Map(Object.entries(map))),
  ]),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional().catch(undefined),
})
type Statement = z.infer<typeof Statement>
const Policy = z.object({
  Statement: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform((one) => [one])]),
})

/** Whom a trust policy lets in: services, subjects of an OIDC or SAML provider, accounts, users and roles. */
export function trusted(policy: string | undefined): readonly Trusted[] {
  if (policy === undefined || jsonDepth(policy, limits.jsonDepth) > limits.jsonDepth) return []
  let document: unknown
  try {
    document = JSON.parse(policy)
  } catch {
    return []
  }
  const statements = (Policy.safeParse(document).data?.Statement ?? []).flatMap(
    (one) => Statement.safeParse(one).data ?? [],
  )
  return statements.flatMap((statement) =>
    [...statement.Principal].flatMap(([type, ids]) => ids.flatMap((id) => principals(type, id, statement))),
  )
}

function principals(type: string, id: string, statement: Statement): Trusted[] {
  if (type === 'Service') return [{ id: keys.awsServicePrincipal(id), kind: 'aws.service_principal', name: id }]
  if (type === 'Federated') {
    const host = id.slice(id.lastIndexOf('/') + 1)
    const isArn = parseArn(id) !== undefined
    return subjectsOf(statement).map((subject) => ({
      id: keys.awsFederated(id, subject),
      kind: 'aws.federated_principal' as const,
      name: subject === '*' ? `anyone from ${host}` : `${subject} from ${host}`,
      props: { provider: id, subject },
      ...(isArn ? { provider: id } : {}),
    }))
  }
  if (type !== 'AWS') return []
  if (id === '*') return [{ id: keys.awsAnyone(), kind: 'aws.external_principal', name: 'anyone' }]
  const arn = parseArn(id)
  const account = arn?.resource === 'root' ? arn.account : arn === undefined && id.length === 12 ? id : undefined
  if (account !== undefined) {
    const name = `anyone whom account ${account} lets`
    return [{ id: keys.awsPrincipalsOf(account), kind: 'aws.external_principal', name, props: { account } }]
  }
  if (arn?.service !== 'iam') return []
  const name = arn.resource.slice(arn.resource.lastIndexOf('/') + 1)
  const role = arn.resource.startsWith('role/')
  return [{ id, kind: role ? 'aws.iam_role' : 'aws.iam_user', name }]
}

/** Values of `…:sub`; without any, whoever the provider vouches for. */
function subjectsOf({ Condition }: Statement): string[] {
  const named = Object.values(Condition ?? {}).flatMap((test) =>
    Object.entries(test).flatMap(([key, value]) =>
      key.endsWith(':sub') ? (oneOrMore.safeParse(value).data ?? []) : [],
    ),
  )
  return named.length === 0 ? ['*'] : named
}
