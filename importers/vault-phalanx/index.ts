import type { FileReport, Importer, Probe, RunContext } from '../importer.ts'
import {
  placeOf,
  readEnvironment,
  readSecrets,
  type EnvironmentDefinition,
  type SecretDefinition,
} from './definitions.ts'
import { mapDeployment } from './map.ts'

/** Secrets of Phalanx: what each application needs, where each environment keeps it in Vault, and what is a copy of what. */
export const vaultPhalanx: Importer = {
  id: 'vault-phalanx',
  title: 'Phalanx secrets',
  reads:
    'a Phalanx checkout (applications/APP/secrets.yaml, environments/values-ENV.yaml): secrets in Vault, and what is a copy of what',
  emits: ['vault.server', 'vault.kv2_secret'],
  blindTo: [
    'which conditions hold in an environment (they are settings of the charts)',
    'which workload of an application reads a value',
    'values changed in Vault by hand',
  ],
  nature: 'snapshot',
  detect,
  begin,
}

const words = ['description:', 'copy:', 'generate:', 'onepassword:']

function detect({ name, head }: Probe): number {
  const place = placeOf(name)
  if (place === undefined) return 0
  if (place.what === 'environment') return head.includes('vaultPathPrefix:') ? 0.9 : 0
  // A definition of secrets has no kind and says of each what it is; a manifest that lies in such a folder has one.
  if (head.split('\n').some((line) => line.startsWith('apiVersion:'))) return 0
  return words.some((word) => head.includes(word)) ? 0.8 : 0
}

function begin(context: RunContext) {
  const definitions: SecretDefinition[] = []
  const environments: { readonly read: EnvironmentDefinition; readonly report: FileReport }[] = []
  let defaults: EnvironmentDefinition | undefined
  return {
    async file(input: { name: string; text(): Promise<string> }, report: FileReport) {
      const place = placeOf(input.name)!
      const text = await input.text()
      if (place.what === 'application') {
        const read = readSecrets(text, place, input.name)
        report.read?.(Math.max(1, read.length))
        if (read.length === 0) report.skipped('empty', '/')
        for (const one of read) {
          if ('reason' in one) report.skipped(one.reason, one.where)
          else {
            definitions.push(one)
            report.mapped()
          }
        }
        return
      }
      report.read?.()
      const read = readEnvironment(text, place.environment ?? '', input.name)
      if ('reason' in read) return report.skipped(read.reason, read.where)
      report.mapped()
      if (place.environment === undefined) defaults = read
      else environments.push({ read, report })
    },
    end() {
      for (const { read, report } of environments) {
        const prefix = read.prefix ?? defaults?.prefix
        if (prefix === undefined || prefix === '') {
          report.note(`environment ${read.name} names no path in Vault: its secrets are not placed`)
          continue
        }
        const vaultHost = read.vaultHost ?? defaults?.vaultHost ?? context.scopeName ?? 'vault'
        const sink = context.scope({
          id: `phalanx/${read.name}`,
          title: `Phalanx environment ${read.name}`,
          complete: false,
        })
        mapDeployment({ ...read, prefix, vaultHost }, effective(definitions, read.name), sink, (value) =>
          context.fingerprint(value, 'secret'),
        )
      }
      const placed = new Set(environments.flatMap(({ read }) => read.applications))
      const idle = new Set(definitions.map(({ application }) => application).filter((one) => !placed.has(one)))
      if (idle.size > 0 && environments[0])
        environments[0].report.note(
          `${idle.size} applications run in none of these environments: ${[...idle].sort().slice(0, 10).join(', ')}`,
        )
    },
  }
}

/** Definitions as they are in an environment: its overlay replaces or adds keys. */
function effective(definitions: readonly SecretDefinition[], environment: string): SecretDefinition[] {
  const found = new Map<string, SecretDefinition>()
  for (const overlay of [false, true])
    for (const one of definitions)
      if (overlay ? one.environment === environment : one.environment === undefined)
        found.set(`${one.application}\n${one.key}`, one)
  return [...found.values()]
}
