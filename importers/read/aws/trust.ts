import { keys } from '../../../graph/keys.ts'
import type { EntityKind } from '../../../graph/kinds/entity-kinds.ts'
import { parseArn, roleOfSession } from '../arn.ts'
import type { Statement } from './policy-document.ts'

/** Somebody a trust policy lets in. */
export interface Trusted {
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  readonly props?: Readonly<Record<string, string>>
  /** Names of the conditions under which; they are not evaluated. */
  readonly conditions: readonly string[]
}

const assumeActions = ['sts:assumerole', 'sts:assumerolewithsaml', 'sts:assumerolewithwebidentity', 'sts:*', '*']

/**
 * Who may assume a role. A permission and no more: whether anybody does is for logs to say. `Deny` statements take
 * nobody away here (`hasDeny` of the role says that there are some).
 */
export function trustedBy(statements: readonly Statement[]): readonly Trusted[] {
  return statements
    .filter(({ allows, actions }) => allows && actions.some((action) => assumeActions.includes(action.toLowerCase())))
    .flatMap((statement) =>
      (statement.notPrincipal ? [['AWS', '*'] as const] : statement.principals).flatMap(([type, id]) =>
        principalsFor(type, id, statement).map((one) => ({ ...one, conditions: statement.conditions })),
      ),
    )
}

type Principal = Omit<Trusted, 'conditions'>

function principalsFor(type: string, id: string, statement: Statement): readonly Principal[] {
  if (type === 'Service') return [{ key: keys.awsServicePrincipal(id), kind: 'aws.service_principal', name: id }]
  if (type === 'Federated') return federated(id, statement.subjects)
  if (type === 'AWS') return [accountPrincipal(id)]
  return [{ key: keys.awsPrincipalId(id), kind: 'aws.external_principal', name: `${type} principal` }]
}

/** An account, a user or role by ARN, the id that is left of a deleted one, or anybody at all. */
function accountPrincipal(id: string): Principal {
  if (id === '*') return { key: keys.awsAnyone(), kind: 'aws.external_principal', name: 'anyone' }
  const arn = parseArn(id)
  const account = /^\d{12}$/.test(id) ? id : arn?.resource === 'root' ? arn.account : undefined
  if (account !== undefined)
    return {
      key: keys.awsPrincipalsOf(account),
      kind: 'aws.external_principal',
      name: `anyone whom account ${account} lets`,
      props: { account },
    }
  if (arn === undefined)
    return { key: keys.awsPrincipalId(id), kind: 'aws.external_principal', name: `deleted principal ${id}` }
  const whole = roleOfSession(id) ?? id
  const resource = parseArn(whole)!.resource
  const kind = resource.startsWith('role/')
    ? 'aws.iam_role'
    : resource.startsWith('user/')
      ? 'aws.iam_user'
      : 'aws.external_principal'
  return { key: whole, kind, name: resource.slice(resource.lastIndexOf('/') + 1), props: { account: arn.account } }
}

/** One for each subject the trust names; without any, whoever the provider vouches for. */
function federated(provider: string, subjects: readonly string[]): readonly Principal[] {
  const from = provider.slice(provider.lastIndexOf('/') + 1)
  return (subjects.length === 0 ? ['*'] : subjects).map((subject) => ({
    key: keys.awsFederated(provider, subject),
    kind: 'aws.federated_principal' as const,
    name: subject === '*' ? `anyone from ${from}` : `${subject} from ${from}`,
    props: { provider, subject },
  }))
}
