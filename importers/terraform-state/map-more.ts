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

/** Where GitHub vouches for jobs: the pools of Google name what of its tokens they trust by these attributes. */
const GITHUB = 'https://token.actions.githubusercontent.com'
const memberForms: readonly (readonly [form: string, subject: (value: string) => string])[] = [
  ['/attribute.repository/', (value) => `repo:${value}:*`],
  ['/attribute.repository_owner/', (value) => `repo:${value}/*`],
  ['/subject/repo:', (value) => `repo:${value}`],
]

/** Who of a workload identity pool may act as a service account: `roles/iam.workloadIdentityUser`. */
const poolMember: Mapper = (scene, taken) => {
  const account = taken.text('service_account_id')
  if (account === undefined) return false
  if (taken.text('role') !== 'roles/iam.workloadIdentityUser') return 'not-relevant'
  const members = [taken.text('member') ?? '', ...taken.list('members').values()]
  const pooled = members.filter(
    (one) => one.includes('//iam.googleapis.com/') && one.includes('/workloadIdentityPools/'),
  )
  if (pooled.length === 0) return 'not-relevant'
  const email = account.slice(account.lastIndexOf('/') + 1).toLowerCase()
  const to = named(scene, { id: `gcp:sa:${email}`, kind: 'gcp.service_account', name: email, aliases: [email] })
  for (const member of pooled) {
    const form = memberForms.find(([mark]) => member.includes(mark))
    const subject = form && form[1](member.slice(member.indexOf(form[0]) + form[0].length))
    const props = given({ member, issuer: form && GITHUB, subject })
    const name = (subject ?? member).slice(0, 1024)
    const from = entity(scene, taken, { id: keys.terraformValue(scene.place, `${taken.address}/${member}`.slice(0, 1000)), kind: 'generic.identity', name, props }) // prettier-ignore
    relate(scene, taken, { kind: 'ASSUMES', from, to, confidence: 'none' }, 'member of a workload identity pool')
  }
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
  ['google_service_account_iam_member', poolMember],
  ['google_service_account_iam_binding', poolMember],
  ['circleci_context', told],
  ['circleci_context_environment_variable', circleciVariable],
  ['time_rotating', told],
  ['time_static', told],
]
