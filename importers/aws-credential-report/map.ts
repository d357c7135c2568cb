import type { EntityFact, Evidence, Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { Row } from './records.ts'

export interface Source {
  readonly account: string
  readonly file: string
  /** When AWS made the report; the CSV alone does not say. */
  readonly generatedAt: string | undefined
}

/**
 * A user of the report and what proves it. The report names no key ids: a key is known by its slot (1 or 2) until the
 * list of access keys says which one was made at the same moment.
 */
export function mapRow(row: Row, line: string, source: Source, sink: Sink): void {
  const isRoot = row.user === '<root_account>'
  const evidence: [Evidence] = [
    { source: 'aws-credential-report', kind: 'declared', file: source.file, record: line, ...seen(source.generatedAt) },
  ]
  sink.entity({
    id: row.arn,
    kind: isRoot ? 'aws.root_user' : 'aws.iam_user',
    name: isRoot ? `root of ${source.account}` : row.user,
    props: given({
      createdAt: row.user_creation_time,
      mfaActive: row.mfa_active,
      passwordEnabled: row.password_enabled,
      passwordLastUsedAt: row.password_last_used,
      passwordChangedAt: row.password_last_changed,
      accessKey1Active: row.access_key_1_active,
      accessKey1LastRotatedAt: row.access_key_1_last_rotated,
      accessKey1LastUsedAt: row.access_key_1_last_used_date,
      accessKey2Active: row.access_key_2_active,
      accessKey2LastRotatedAt: row.access_key_2_last_rotated,
      accessKey2LastUsedAt: row.access_key_2_last_used_date,
    }),
    evidence,
  })
  sink.relationship({ kind: 'CONTAINED_IN', from: row.arn, to: keys.awsAccount(source.account), evidence })
  const owner = isRoot ? 'root' : row.user
  for (const credential of [...passwordOf(row, owner, isRoot), ...keysOf(row, owner), ...certificatesOf(row, owner)]) {
    const { lastUsedAt, lastUsedService, lastUsedRegion, ...entity } = credential
    const props = { ...entity.props, lastUsedAt, lastUsedService, lastUsedRegion }
    sink.entity({ ...entity, props: given(props), evidence })
    sink.relationship({ kind: 'AUTHENTICATES_AS', from: entity.id, to: row.arn, evidence })
    if (lastUsedAt === undefined) continue
    const note = lastUsedService === undefined ? {} : { note: `last used for ${lastUsedService.slice(0, 80)}` }
    const used = { ...evidence[0], kind: 'observed' as const, firstSeen: lastUsedAt, lastSeen: lastUsedAt, ...note }
    sink.observation({ kind: 'AUTHENTICATES_AS', from: entity.id, to: row.arn, evidence: used })
  }
}

const seen = (at: string | undefined): { lastSeen?: string } => (at === undefined ? {} : { lastSeen: at })

interface Credential extends Pick<EntityFact, 'kind' | 'name'> {
  readonly id: string
  readonly props: Readonly<Record<string, string | number | boolean | undefined>>
  readonly lastUsedAt?: string | undefined
  readonly lastUsedService?: string | undefined
  readonly lastUsedRegion?: string | undefined
}

/** The root user always has a password; the report writes `not_supported` for it. */
function passwordOf(row: Row, owner: string, isRoot: boolean): readonly Credential[] {
  if (row.password_enabled !== true && !isRoot) return []
  return [
    {
      id: keys.awsPassword(row.arn),
      kind: 'aws.console_password',
      name: `console password of ${owner}`,
      props: {
        status: 'Active',
        changedAt: row.password_last_changed,
        nextRotationAt: row.password_next_rotation,
        mfa: row.mfa_active,
      },
      lastUsedAt: row.password_last_used,
    },
  ]
}

/** A slot that was never filled has neither a state nor a date. An inactive key still takes its slot. */
function keysOf(row: Row, owner: string): readonly Credential[] {
  return ([1, 2] as const).flatMap((slot) => {
    const active = row[`access_key_${slot}_active`]
    const createdAt = row[`access_key_${slot}_last_rotated`]
    if (active !== true && createdAt === undefined) return []
    return [
      {
        id: keys.awsKeySlot(row.arn, slot),
        kind: 'aws.iam_access_key' as const,
        name: `access key ${slot} of ${owner}`,
        props: { slot, createdAt, status: active === true ? 'Active' : 'Inactive', userArn: row.arn },
        lastUsedAt: row[`access_key_${slot}_last_used_date`],
        lastUsedService: row[`access_key_${slot}_last_used_service`],
        lastUsedRegion: row[`access_key_${slot}_last_used_region`],
      },
    ]
  })
}

function certificatesOf(row: Row, owner: string): readonly Credential[] {
  return ([1, 2] as const).flatMap((slot) => {
    const active = row[`cert_${slot}_active`]
    const createdAt = row[`cert_${slot}_last_rotated`]
    if (active !== true && createdAt === undefined) return []
    return [
      {
        id: keys.awsCertificateSlot(row.arn, slot),
        kind: 'aws.signing_certificate' as const,
        name: `signing certificate ${slot} of ${owner}`,
        props: { slot, createdAt, status: active === true ? 'Active' : 'Inactive' },
      },
    ]
  })
}

function given(props: Readonly<Record<string, string | number | boolean | undefined>>): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as Props
}
