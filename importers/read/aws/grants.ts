import type { EntityKind } from '../../../graph/kinds/entity-kinds.ts'
import { hasWildcard, parseArn } from '../arn.ts'
import { coversAction, type Statement } from './policy-document.ts'

/** A permission on one thing, named by its ARN. */
export interface Grant {
  readonly kind: 'CAN_ACCESS' | 'ASSUMES'
  readonly action: string
  readonly to: string
  readonly toKind: EntityKind
  readonly conditions: readonly string[]
}

/** Permissions that lead to a secret, a key or another identity; each row costs nothing but itself. */
const watched = [
  {
    action: 'secretsmanager:GetSecretValue',
    service: 'secretsmanager',
    prefix: 'secret:',
    kind: 'CAN_ACCESS',
    toKind: 'aws.secretsmanager_secret',
  },
  { action: 'ssm:GetParameter', service: 'ssm', prefix: 'parameter/', kind: 'CAN_ACCESS', toKind: 'aws.ssm_parameter' },
  { action: 'kms:Decrypt', service: 'kms', prefix: 'key/', kind: 'CAN_ACCESS', toKind: 'aws.kms_key' },
  { action: 'sts:AssumeRole', service: 'iam', prefix: 'role/', kind: 'ASSUMES', toKind: 'aws.iam_role' },
] as const

/**
 * Permissions on single things. What is granted by a pattern, by `NotAction` or `NotResource` is not expanded here, and
 * nothing is taken off for `Deny`, boundaries or conditions: it is permission on paper, never use.
 */
export function grantsOf(statements: readonly Statement[]): readonly Grant[] {
  return statements
    .filter(({ allows }) => allows)
    .flatMap((statement) =>
      watched.flatMap(({ action, service, prefix, kind, toKind }) =>
        coversAction(statement, action)
          ? statement.resources.flatMap((resource) => {
              const to = oneThing(resource)
              const arn = to === undefined ? undefined : parseArn(to)
              if (to === undefined || arn?.service !== service || !arn.resource.startsWith(prefix)) return []
              return [{ kind, action, to, toKind, conditions: statement.conditions }]
            })
          : [],
      ),
    )
}

/** `…:secret:name-??????` is how AWS advises to write one secret: its ending is random. */
function oneThing(resource: string): string | undefined {
  const cut = resource.endsWith('-??????') ? resource.slice(0, -7) : resource
  return hasWildcard(cut) ? undefined : cut
}
