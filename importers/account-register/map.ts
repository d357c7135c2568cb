import type { Evidence, Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { Application } from './records.ts'

/** An account by the name a register gives it, where nobody says its number. */
const accountKey = (name: string): string => `register:account/${name.toLowerCase()}`
const groupKey = (name: string): string => `register:sso-group/${name.toLowerCase()}`

/** Says everything of one application. It is called after its file: `environments/shop.json` has `shop-production`. */
export function mapApplication(application: Application, file: string, sink: Sink): void {
  const base = file.slice(file.lastIndexOf('/') + 1)
  const name = base.endsWith('.json') ? base.slice(0, -'.json'.length) : base
  const { tags, environments } = application
  const told = (record: string, note?: string): Evidence[] => [
    { source: 'account-register', kind: 'asserted', file, record, ...(note === undefined ? {} : { note }) },
  ]
  const system = keys.system(name)
  sink.entity({
    id: system,
    kind: 'business.system',
    name,
    props: given({
      application: tags.application,
      businessUnit: tags['business-unit'],
      serviceArea: tags['service-area'],
      criticality: isYes(tags['critical-national-infrastructure']) ? 'critical national infrastructure' : undefined,
      onCall: tags['slack-channel'],
      goLive: application['go-live-date'],
      codeowners: application.codeowners,
    }),
    evidence: told('/'),
  })
  const owner = own(tags.owner)
  const accounts = environments.map((environment, at) => {
    const id = accountKey(`${name}-${environment.name}`)
    const props = given({
      environment: environment.name,
      production: String(environment.name === 'production'),
      accountType: application['account-type'],
    })
    const record = `/environments/${at}`
    sink.entity({ id, kind: 'aws.account', name: `${name}-${environment.name}`, props, evidence: told(record) })
    // What of an account its application needs nobody says here.
    sink.relationship({ kind: 'DEPENDS_ON', from: system, to: id, confidence: 'possible', evidence: told(record) })
    for (const { sso_group_name: group, level } of environment.access ?? []) {
      if (!group) continue
      sink.entity({ id: groupKey(group), kind: 'generic.identity', name: group })
      const rights = told(record, level === undefined ? 'may sign in' : `may sign in: ${level.slice(0, 200)}`)
      sink.relationship({ kind: 'CAN_ACCESS', from: groupKey(group), to: id, evidence: rights })
    }
    return { id, record }
  })
  if (owner !== undefined) {
    const to = keys.team(owner)
    sink.entity({ id: to, kind: 'business.team', name: owner })
    for (const { id, record } of [{ id: system, record: '/tags' }, ...accounts])
      sink.relationship({ kind: 'OWNED_BY', from: id, to, evidence: told(record, 'tag owner') })
  }
  for (const repository of application['github-oidc-team-repositories'] ?? []) {
    // `acme/shop:environment:x` narrows what of it is trusted.
    const slug = repository.split(':')[0]!.trim()
    if (slug.split('/').filter((part) => part !== '').length !== 2) continue
    const from = keys.githubRepository(slug)
    sink.entity({ id: from, kind: 'github.repository', name: slug })
    for (const { id } of accounts)
      sink.relationship({ kind: 'CAN_ACCESS', from, to: id, evidence: told('/github-oidc-team-repositories', 'its jobs may sign in by OIDC') }) // prettier-ignore
  }
}

const isYes = (value: string | undefined): boolean => ['true', 'yes'].includes((value ?? '').toLowerCase())

/** `Payments: payments@example.com`: an owner is named as it is written. */
const own = (value: string | undefined): string | undefined => value?.trim().slice(0, 256) || undefined

const given = (fields: Record<string, string | string[] | undefined>): Props =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value.length > 0)) as Props
