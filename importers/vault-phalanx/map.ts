import type { Evidence, RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { EnvironmentDefinition, SecretDefinition } from './definitions.ts'

const source = 'vault-phalanx'

export interface Deployment extends EnvironmentDefinition {
  readonly vaultHost: string
  readonly prefix: string
}

/**
 * Facts of one environment: each application has one secret in Vault with a value for every key. A value of its own is
 * a place, so that what is copied is that value and not all that lies beside it; the application's secret is made of
 * its values. A copy is made again only when somebody synchronises the environment: until then it keeps the old value.
 */
export function mapDeployment(
  deployment: Deployment,
  definitions: readonly SecretDefinition[],
  sink: Sink,
  fingerprint: (value: string) => string | undefined,
): void {
  const { vaultHost, prefix, name } = deployment
  const server = keys.vaultServer(vaultHost)
  const pathOf = (application: string): string => `${trimmed(prefix)}/${application}`
  const placeOf = (application: string): string => keys.vaultSecret(vaultHost, pathOf(application))
  const valueOf = (application: string, key: string): string => `${placeOf(application)}#${key}`
  const running = new Set(deployment.applications)
  sink.entity({ id: server, kind: 'vault.server', name: vaultHost })
  for (const application of running) {
    const evidence: Evidence[] = [
      { source, kind: 'declared', file: deployment.file, record: `/applications/${application}` },
    ]
    const [id, path] = [placeOf(application), pathOf(application)]
    if (!definitions.some((one) => one.application === application)) continue
    sink.entity({
      id,
      kind: 'vault.kv2_secret',
      name: path,
      aliases: [path],
      props: { environment: name, application },
      evidence,
    })
    sink.relationship({ kind: 'CONTAINED_IN', from: id, to: server, evidence })
  }
  for (const one of definitions) {
    if (!running.has(one.application)) continue
    const record = `/${one.key}`
    const told = (note: string): Evidence[] => [
      { source, kind: 'declared', file: one.file, record: record.slice(0, 256), note },
    ]
    const value = valueOf(one.application, one.key)
    const print = one.fixed === undefined ? undefined : fingerprint(one.fixed)
    sink.entity({
      id: value,
      kind: 'vault.kv2_secret',
      name: `${pathOf(one.application)} ${one.key}`,
      aliases: [`${one.application}/${one.key}`],
      props: {
        environment: name,
        application: one.application,
        key: one.key,
        ...(one.generated ? { generated: one.generated.type } : {}),
        ...(one.fromOnePassword ? { heldIn: '1Password' } : {}),
        ...(one.conditional ? { conditional: true } : {}),
        ...(one.fixed === undefined ? {} : { fixed: true }),
        ...(print === undefined ? {} : { fingerprints: [`${one.key}=${print}`] }),
      },
      evidence: told(originOf(one)),
    })
    const possible = (yes: boolean): Pick<RelationshipFact, 'confidence'> => (yes ? { confidence: 'possible' } : {})
    sink.relationship({
      kind: 'SYNCED_FROM',
      from: placeOf(one.application),
      to: value,
      pickup: [0, 0],
      ...possible(one.conditional),
      evidence: told(
        one.conditional ? 'one of its values, where a setting of the application asks for it' : 'one of its values',
      ),
    })
    const origin =
      one.copyOf ??
      (one.generated?.from === undefined
        ? undefined
        : { application: one.application, key: one.generated.from, conditional: false })
    if (origin === undefined) continue
    sink.relationship({
      kind: 'SYNCED_FROM',
      from: value,
      to: valueOf(origin.application, origin.key),
      delivery: 'manual',
      ...possible(one.conditional || origin.conditional),
      evidence: told(
        `${one.copyOf ? 'copied' : 'made'} from ${origin.application}/${origin.key} when the environment is synchronised` +
          (running.has(origin.application) ? '' : '; that application does not run here'),
      ),
    })
  }
}

const trimmed = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .join('/')

function originOf({ copyOf, generated, fromOnePassword, fixed }: SecretDefinition): string {
  if (copyOf) return `copy of ${copyOf.application}/${copyOf.key}`
  if (generated) return `generated (${generated.type})`
  if (fixed !== undefined) return 'stands in the definition'
  return fromOnePassword ? 'kept in 1Password' : 'put in by hand'
}
