import { keys } from '../../graph/keys.ts'
import type { Mapper } from './map-aws.ts'
import { rows, type Row } from './more-types.ts'
import { credential, entity, given, named, relate, secret } from './scene.ts'

const byAddress =
  ({ kind, what, whose, expires, values }: Row): Mapper =>
  (scene, taken) => {
    // Without a value there is nothing to hold: a public client, a server that keeps its password elsewhere.
    if (values.length > 0 && taken.values.length === 0) return 'not-relevant'
    const owner = whose.map((field) => taken.text(field)).find((text) => text !== undefined) ?? taken.address
    const props = given({ expiresAt: expires === undefined ? undefined : taken.text(expires) })
    const id = keys.terraformValue(scene.place, taken.address)
    credential(scene, taken, { id, kind, name: `${what} of ${owner}`.slice(0, 1024), props })
    return true
  }

/** The console password of a user, by the user's ARN as other sources have it. */
const loginProfile: Mapper = (scene, taken) => {
  const user = taken.text('user')
  if (user === undefined) return false
  const { users } = scene.estate
  const arn =
    users.get(`${scene.account ?? ''} ${user}`) ?? (scene.account && `arn:aws:iam::${scene.account}:user/${user}`)
  if (arn === undefined) return false
  const to = named(scene, { id: arn, kind: 'aws.iam_user', name: user })
  const id = keys.awsPassword(arn)
  const from = credential(scene, taken, { id, kind: 'aws.console_password', name: `console password of ${user}` })
  relate(scene, taken, { kind: 'AUTHENTICATES_AS', from, to })
  return true
}

/** Lets whoever an issuer vouches for act as an application. */
const federatedCredential: Mapper = (scene, taken) => {
  const issuer = taken.text('issuer')
  const subject = taken.text('subject')
  if (issuer === undefined || subject === undefined) return false
  const id = keys.terraformValue(scene.place, `${taken.address}/subject`)
  const name = `${subject} from ${issuer}`.slice(0, 1024)
  const from = entity(scene, taken, { id, kind: 'generic.identity', name, props: given({ issuer, subject }) })
  const application = taken.text('application_id') ?? taken.text('application_object_id') ?? ''
  const client = scene.estate.clientIds.get(application.slice(application.lastIndexOf('/') + 1))
  if (client === undefined) return true
  const to = named(scene, {
    id: `entra:app:${client}`,
    kind: 'entra.service_principal',
    name: client,
    aliases: [client],
  })
  relate(scene, taken, { kind: 'ASSUMES', from, to, confidence: 'none' }, 'federated credential')
  return true
}

const googleProvider: Mapper = (scene, taken) => {
  const name = taken.text('name')
  if (name === undefined) return false
  const props = given({ issuer: taken.list('oidc.0').get('issuer_uri'), condition: taken.text('attribute_condition') })
  entity(scene, taken, {
    id: `gcp:workload-identity-provider:${name}`,
    kind: 'gcp.workload_identity_provider',
    name,
    props,
  })
  return true
}

const circleciVariable: Mapper = (scene, taken) => {
  const context = taken.text('context_id') ?? taken.text('context')
  if (context === undefined) return false
  const owner = scene.estate.owners.get('') ?? '_'
  const id = keys.circleciContext(owner, scene.estate.contexts.get(context) ?? context)
  secret(scene, taken, { id, kind: 'circleci.context', name: scene.estate.contexts.get(context) ?? context })
  return true
}

/** Knows something for others, and describes nothing itself: a clock (see `Estate.clocks`), a context. */
const told: Mapper = () => true

export const moreMappers: readonly (readonly [type: string, mapper: Mapper])[] = [
  ...rows.map((row) => [row.type, byAddress(row)] as const),
  ['aws_iam_user_login_profile', loginProfile],
  ['azuread_application_federated_identity_credential', federatedCredential],
  ['google_iam_workload_identity_pool_provider', googleProvider],
  ['circleci_context', told],
  ['circleci_context_environment_variable', circleciVariable],
  ['time_rotating', told],
  ['time_static', told],
]
