import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { QueryLanguage, WatchReply } from '../wire-acts.ts'
import { escaped, goPattern, goText, isPrintable, jqText, kqlText, shellText, sqlText } from './quote.ts'
import type { SignalRow } from './signals.ts'
import { headOf, textProp } from './things.ts'

export type WatchQueryText = WatchReply['queries'][number]

/** What queries are about. */
export interface Watched {
  readonly estate: Estate
  readonly subject: number
  /** Places that hold the value, and workloads that may break. */
  readonly places: readonly number[]
  readonly workloads: readonly number[]
  /** Since when, ISO 8601. */
  readonly since: string
  readonly signals: readonly SignalRow[]
}

interface Template {
  readonly language: QueryLanguage
  readonly title: string
  /** Undefined: there is nothing here that it would be about. */
  readonly text: (watched: Watched) => { readonly text: string; readonly names: readonly string[] } | undefined
}

const MOST_NAMED = 20

/** Ready queries for the platforms that a change touches, in the order of the table. */
export function watchQueries(watched: Watched): WatchQueryText[] {
  return templates.flatMap(({ language, title, text }): WatchQueryText[] => {
    const made = text(watched)
    if (!made) return []
    const odd = made.names.some((name) => !isPrintable(name))
    return [
      {
        title,
        language,
        text: made.text,
        ...(odd && { note: 'a name holds control characters, shown as �: the query does not match it' }),
      },
    ]
  })
}

const keyOf = ({ estate, subject }: Watched): string => estate.entities[subject]!.key
const kindOf = ({ estate, subject }: Watched): string => estate.entities[subject]!.kind

function named({ estate }: Watched, indices: readonly number[], kinds: string): { name: string; index: number }[] {
  return indices
    .filter((index) => estate.entities[index]!.kind.startsWith(kinds))
    .slice(0, MOST_NAMED)
    .map((index) => ({ name: estate.entities[index]!.name, index }))
}

/** Whom the credential proves. */
function identityOf({ estate, subject }: Watched): { readonly key: string; readonly name: string } | undefined {
  const index =
    entityKinds[estate.entities[subject]!.kind].role === 'identity'
      ? subject
      : headOf(estate, subject, 'AUTHENTICATES_AS')
  return index === undefined ? undefined : estate.entities[index]
}

const templates: readonly Template[] = [
  {
    language: 'athena-sql',
    title: 'CloudTrail in Athena: every call with the key since the change, failed ones first',
    text: (watched) => {
      const key = keyOf(watched)
      if (!key.startsWith('aws:key:')) return undefined
      const id = key.slice('aws:key:'.length)
      return { names: [id], text: athena(`useridentity.accesskeyid = ${sqlText(id)}`, watched.since) }
    },
  },
  {
    language: 'athena-sql',
    title: 'CloudTrail in Athena: every call as the identity since the change, failed ones first',
    text: (watched) => {
      const arn = identityOf(watched)?.key
      if (!arn?.startsWith('arn:aws')) return undefined
      const literal = sqlText(arn)
      return {
        names: [arn],
        text: athena(
          `(useridentity.arn = ${literal} OR useridentity.sessioncontext.sessionissuer.arn = ${literal})`,
          watched.since,
        ),
      }
    },
  },
  {
    language: 'athena-sql',
    title: 'CloudTrail in Athena: who still reads the secret',
    text: (watched) => {
      const arns = watched.places
        .map((index) => watched.estate.entities[index]!.key)
        .filter((key) => key.startsWith('arn:aws:secretsmanager:') || key.startsWith('arn:aws:ssm:'))
        .slice(0, MOST_NAMED)
      if (arns.length === 0) return undefined
      const names = [...new Set(arns.flatMap((arn) => [arn, arn.slice(arn.lastIndexOf(':') + 1)]))]
      const anyOf = names.map(sqlText).join(', ')
      return {
        names,
        text: athena(
          `eventname IN ('GetSecretValue', 'BatchGetSecretValue', 'GetParameter', 'GetParameters')\n  AND (json_extract_scalar(requestparameters, '$.secretId') IN (${anyOf})\n    OR json_extract_scalar(requestparameters, '$.name') IN (${anyOf}))`,
          watched.since,
        ),
      }
    },
  },
  {
    language: 'kql',
    title: 'Entra sign-in log: the application, with the credential that was used and the error',
    text: (watched) => {
      if (!kindOf(watched).startsWith('entra.') && !kindOf(watched).startsWith('azure.managed')) return undefined
      const identity = identityOf(watched)
      const credential = keyOf(watched).split(':').at(-1)!
      const names = [credential, ...(identity ? [identity.name, identity.key.split(':').at(-1)!] : [])]
      const ors = [
        `ServicePrincipalCredentialKeyId == ${kqlText(credential)}`,
        ...(identity
          ? [
              `ServicePrincipalName == ${kqlText(identity.name)}`,
              `AppId == ${kqlText(identity.key.split(':').at(-1)!)}`,
            ]
          : []),
      ]
      return {
        names,
        text: [
          'union isfuzzy=true AADServicePrincipalSignInLogs, AADManagedIdentitySignInLogs',
          `| where TimeGenerated >= datetime(${moment(watched.since)})`,
          `| where ${ors.join(' or ')}`,
          '| summarize Attempts = count(), Last = max(TimeGenerated) by ResultType, ServicePrincipalName, ServicePrincipalCredentialKeyId, IPAddress',
          '| order by ResultType desc, Last desc',
        ].join('\n'),
      }
    },
  },
  {
    language: 'kql',
    title: 'Key Vault diagnostics: who reads the secret, and with what result',
    text: (watched) => {
      const found = named(watched, watched.places, 'azure.keyvault_secret').map(({ name }) => name)
      if (found.length === 0) return undefined
      return {
        names: found,
        text: [
          'AzureDiagnostics',
          `| where TimeGenerated >= datetime(${moment(watched.since)})`,
          '| where ResourceProvider == "MICROSOFT.KEYVAULT" and OperationName == "SecretGet"',
          `| where requestUri_s has_any (${found.map(kqlText).join(', ')})`,
          '| summarize Attempts = count(), Last = max(TimeGenerated) by httpStatusCode_d, identity_claim_appid_g, CallerIPAddress',
        ].join('\n'),
      }
    },
  },
  {
    language: 'shell',
    title: 'Google Cloud audit log: use of the key',
    text: (watched) => {
      const key = keyOf(watched)
      if (!key.startsWith('gcp:sa-key:')) return undefined
      const [email, id] = key.slice('gcp:sa-key:'.length).split('/')
      const filter = `timestamp>="${moment(watched.since)}" AND protoPayload.authenticationInfo.principalEmail=${jqText(email!)} AND protoPayload.authenticationInfo.serviceAccountKeyName:${jqText(id ?? '')}`
      return {
        names: [email!, id ?? ''],
        text: `gcloud logging read ${shellText(filter)} --format='table(timestamp,protoPayload.methodName,protoPayload.status.code,protoPayload.requestMetadata.callerIp)'`,
      }
    },
  },
  {
    language: 'jq',
    title: 'Vault audit log: reads of the paths, and refusals',
    text: (watched) => {
      const paths = watched.places
        .map((index) => watched.estate.entities[index]!.key)
        .flatMap(vaultPaths)
        .slice(0, MOST_NAMED)
      if (paths.length === 0) return undefined
      const list = `[${paths.map(jqText).join(', ')}]`
      return {
        names: paths,
        text: jq(
          `select(.type == "response" and .time >= ${jqText(moment(watched.since))}) | select(.request.path as $p | ${list} | index($p)) | {time, path: .request.path, by: .auth.display_name, from: .request.remote_address, error: (.error // .response.data.error // null)}`,
        ),
      }
    },
  },
  {
    language: 'jq',
    title: 'Vault audit log: who is refused since the change',
    text: (watched) => {
      if (!kindOf(watched).startsWith('vault.')) return undefined
      return {
        names: [],
        text: jq(
          `select(.type == "response" and .time >= ${jqText(moment(watched.since))}) | select((.error // "") | test("permission denied|invalid token")) | {time, path: .request.path, by: .auth.display_name, from: .request.remote_address}`,
        ),
      }
    },
  },
  {
    language: 'jq',
    title: 'Kubernetes API audit log: refused requests of the service account',
    text: (watched) => {
      const user = serviceAccountUser(watched)
      if (user === undefined) return undefined
      return {
        names: [user],
        text: jq(
          `select(.stage == "ResponseComplete" and .requestReceivedTimestamp >= ${jqText(moment(watched.since))}) | select(.user.username == ${jqText(user)} or .annotations["authentication.k8s.io/stale-token"]) | select(.responseStatus.code == 401 or .responseStatus.code == 403) | {time: .requestReceivedTimestamp, user: .user.username, verb, uri: .requestURI, code: .responseStatus.code}`,
        ),
      }
    },
  },
  {
    language: 'logql',
    title: 'Loki: refusals in the logs of the pods that use it',
    text: (watched) => {
      const pods = podsOf(watched)
      const codes = [...new Set(watched.signals.flatMap((row) => row.codes))]
      if (pods.length === 0 || codes.length === 0) return undefined
      const anyCode = JSON.stringify(`(?i)(${codes.map(escaped).join('|')})`)
      return {
        names: pods.flatMap(({ namespace, names }) => [namespace, ...names]),
        text: pods
          .map(
            ({ namespace, names }) => `{namespace=${goText(namespace)}, pod=~${goPattern(names, '-.*')}} |~ ${anyCode}`,
          )
          .join('\n'),
      }
    },
  },
  {
    language: 'promql',
    title: 'Prometheus: restarts of the pods that use it, in the last 15 minutes',
    text: (watched) => {
      const pods = podsOf(watched)
      if (pods.length === 0) return undefined
      return {
        names: pods.flatMap(({ namespace, names }) => [namespace, ...names]),
        text: pods
          .map(
            ({ namespace, names }) =>
              `sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{namespace=${goText(namespace)}, pod=~${goPattern(names, '-.*')}}[15m])) > 0`,
          )
          .join('\n'),
      }
    },
  },
  {
    language: 'promql',
    title: 'Prometheus: External Secrets that fail to synchronise',
    text: (watched) => {
      const secrets = named(watched, watched.places, 'k8s.secret_object')
        .map(({ index, name }) => ({
          name: name.split('/').at(-1)!,
          namespace: textProp(watched.estate.entities[index]!, 'namespace'),
        }))
        .filter((one): one is { name: string; namespace: string } => one.namespace !== undefined)
      if (secrets.length === 0) return undefined
      return {
        names: secrets.flatMap(({ name, namespace }) => [name, namespace]),
        text: secrets
          .map(
            ({ name, namespace }) =>
              `increase(externalsecret_sync_calls_error{namespace=${goText(namespace)}, name=${goText(name)}}[15m]) > 0`,
          )
          .join('\n'),
      }
    },
  },
  {
    language: 'sql',
    title: 'PostgreSQL: sessions that were open before and live on',
    text: (watched) => {
      if (!kindOf(watched).startsWith('db.postgres')) return undefined
      const role = identityOf(watched)?.name.split('@')[0] ?? watched.estate.entities[watched.subject]!.name
      return {
        names: [role],
        text: `SELECT pid, usename, application_name, client_addr, backend_start, state\nFROM pg_stat_activity\nWHERE usename = ${sqlText(role)} AND backend_start < ${sqlText(moment(watched.since))}\nORDER BY backend_start`,
      }
    },
  },
  {
    language: 'logql',
    title: 'Loki: refused logins in the log of PostgreSQL',
    text: (watched) => {
      if (!kindOf(watched).startsWith('db.postgres')) return undefined
      const role = identityOf(watched)?.name.split('@')[0] ?? watched.estate.entities[watched.subject]!.name
      return {
        names: [role],
        text: `{job=~".*postgres.*"} |~ "28P01|28000|password authentication failed|not permitted to log in" |= ${goText(role)}`,
      }
    },
  },
]

/** A moment as queries take it: digits and signs only, whatever was asked. */
function moment(since: string): string {
  const at = Date.parse(since)
  return new Date(Number.isFinite(at) ? at : 0).toISOString()
}

function athena(where: string, since: string): string {
  return [
    'SELECT eventtime, eventsource, eventname, errorcode, sourceipaddress, useragent, useridentity.arn',
    'FROM cloudtrail_logs  -- your table; add its partition columns',
    `WHERE ${where}`,
    `  AND eventtime >= ${sqlText(moment(since).replace(/\.\d+Z$/, 'Z'))}`,
    'ORDER BY (errorcode IS NULL), eventtime DESC',
  ].join('\n')
}

function jq(program: string): string {
  return `jq -c ${shellText(program)} audit.log`
}

/** The path as the audit log has it: of KV version 2 with `data/` after the mount, and as it is. */
function vaultPaths(key: string): string[] {
  const found = /^vault:[^/]*\/secret\/([^/]+)\/(.+)$/.exec(key)
  return found ? [`${found[1]}/data/${found[2]}`, `${found[1]}/${found[2]}`] : []
}

function serviceAccountUser(watched: Watched): string | undefined {
  const { estate, subject } = watched
  const index = kindOf(watched) === 'k8s.service_account' ? subject : headOf(estate, subject, 'AUTHENTICATES_AS')
  if (index === undefined || estate.entities[index]!.kind !== 'k8s.service_account') return undefined
  const parts = estate.entities[index]!.key.split('/')
  return parts.length < 4 ? undefined : `system:serviceaccount:${parts[1]}:${parts.at(-1)}`
}

/** Workloads that are made of pods, by namespace. */
function podsOf({ estate, workloads }: Watched): { namespace: string; names: string[] }[] {
  const pods = new Map<string, string[]>()
  for (const index of workloads) {
    const { kind, name } = estate.entities[index]!
    const namespace = textProp(estate.entities[index]!, 'namespace') ?? namespaceOf(estate, index)
    if (!kind.startsWith('k8s.') || namespace === undefined) continue
    const names = pods.get(namespace) ?? []
    pods.set(namespace, names)
    if (names.length < MOST_NAMED) names.push(name.split('/').at(-1)!)
  }
  return [...pods].map(([namespace, names]) => ({ namespace, names }))
}

function namespaceOf(estate: Estate, index: number): string | undefined {
  for (const number of along(estate.out, index)) {
    const { to } = ends(estate, estate.relationships[number]!)
    if (estate.entities[to]!.kind === 'k8s.namespace') return estate.entities[to]!.name
  }
  return undefined
}
