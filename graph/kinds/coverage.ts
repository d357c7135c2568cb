import type { Plane } from './planes.ts'

/** A source without which an answer about a credential of this plane cannot be a "safe". */
export interface NeededSource {
  /** Any one of these importers will do. */
  readonly importers: readonly string[]
  readonly what: string
  readonly why: string
  /** It has to say something of this very credential: that some source of the kind exists is not enough. */
  readonly mentions?: true
  /** Only for credentials of this plane itself, not for values of others that it keeps. */
  readonly ownOnly?: true
  /** How to get it. */
  readonly collect: string
}

const vaultReads: NeededSource = {
  importers: ['vault-audit'],
  what: 'a Vault audit log',
  why: 'nothing here shows who reads it',
  collect: 'import the Vault audit log of the last 30 days',
}

const nothingReadsItsUse = (what: string, importers = ['vault-audit', 'bundle']): NeededSource => ({
  importers,
  mentions: true,
  what: `evidence of who uses this ${what}`,
  why: 'no source here shows its use',
  collect: 'import the Vault audit log of the place it is read from, or state its users in a bundle',
})

/**
 * What each control plane has to have shown before "safe" may be said (client.md 2, "Coverage cap"): an inventory,
 * and a log of use. Absence of evidence is unknown, never unused.
 */
export const neededSources: Readonly<Record<Plane, readonly NeededSource[]>> = {
  aws: [
    {
      importers: ['aws-authorization-details', 'aws-access-keys', 'aws-credential-report'],
      ownOnly: true,
      what: 'the IAM inventory',
      why: 'the user behind the key and its other keys are not known',
      collect: 'aws iam get-account-authorization-details > authorization-details.json',
    },
    {
      importers: ['cloudtrail'],
      what: 'CloudTrail',
      why: 'nothing here shows who uses it, or that nobody does',
      collect: 'import CloudTrail of at least the longest period of use, 90 days if in doubt',
    },
  ],
  kubernetes: [
    {
      importers: ['kubernetes'],
      what: 'the cluster’s workloads',
      why: 'which workloads mount it is not known',
      collect: 'kubectl get deployments,statefulsets,daemonsets,cronjobs,jobs,pods,secrets,serviceaccounts -A -o json',
    },
    {
      importers: ['kubernetes-audit'],
      ownOnly: true,
      what: 'the API server’s audit log',
      why: 'a copy of a token outside the cluster, in a CI system or a kubeconfig, shows nowhere else',
      collect: 'import the audit log of the API server (EKS: its CloudWatch log group) of the last 30 days',
    },
  ],
  vault: [vaultReads],
  github: [
    {
      importers: ['github-workflows'],
      what: 'the workflows of every repository that may read it',
      why: 'which jobs use it is not known',
      collect: 'import the checkouts, all branches that run',
    },
    {
      importers: ['github-audit'],
      ownOnly: true,
      what: 'the GitHub audit log',
      why: 'a token or a key works from anywhere, and nothing here shows who else uses it',
      collect: "stream the audit log, or gh api --paginate '/orgs/ORG/audit-log?include=all'",
    },
  ],
  azure: [nothingReadsItsUse('credential')],
  gcp: [nothingReadsItsUse('credential')],
  gitlab: [nothingReadsItsUse('token')],
  ci: [nothingReadsItsUse('credential')],
  database: [nothingReadsItsUse('password')],
  pki: [nothingReadsItsUse('key or certificate', ['vault-audit', 'bundle', 'kubernetes'])],
  directory: [nothingReadsItsUse('account')],
  workload: [nothingReadsItsUse('identity document')],
  vendor: [nothingReadsItsUse('vendor credential')],
  business: [],
  unknown: [
    {
      importers: [],
      what: 'what this value is',
      why: 'no source says what it opens, so use outside the places listed here cannot be seen',
      collect: 'state the credential that the secret holds in a bundle',
    },
  ],
}

/** Older than this, a source is stale and caps the verdict (security-reliability.md 2.6). */
export const STALE_AFTER_DAYS = 7

/** A log that reaches back less than this shows no monthly job, and caps the verdict. */
export const SHORTEST_LOG_DAYS = 28

/** So many days without any event are a gap in every log, however quiet it is (assumed: a weekly job shows each week). */
export const SILENCE_DAYS = 7

/** A log of at least so many days that has events on this share of its days has a gap on any day without one (assumed). */
export const BUSY_LOG = { days: 7, share: 0.9 } as const
