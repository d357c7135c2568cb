import type { Statement } from './statement.ts'

export interface Tags {
  readonly of: ReadonlyMap<string, string>
  /** A tag that is read and not there is known not to be there. */
  readonly whole: boolean
}

/** A policy and where it stands. */
export interface Policy {
  readonly name: string
  /** Key of the entity whose evidence shows it. */
  readonly entity: string
  readonly statements: readonly Compiled[]
  /** Its text, so that things with the same policy are judged together. */
  readonly text: string
}

/** A statement with the watched actions it speaks of marked. */
export interface Compiled extends Statement {
  readonly speaksOf: Uint8Array
}

/** A boundary or organization policy that something has and no source shows. */
export type Unseen = 'unseen'

/** Who asks. */
export interface Who {
  readonly key: string
  readonly arn: string
  readonly account: string
  readonly name: string
  readonly type: 'user' | 'role' | 'group'
  readonly uniqueIds: readonly string[]
  /** Its own policies and those of its groups. */
  readonly policies: readonly Policy[]
  /** Names of policies that it has and no source shows: they may deny. */
  readonly unseen: readonly string[]
  readonly boundary?: Policy | Unseen | undefined
  readonly organization?: string | undefined
  /** What its account is held to. */
  readonly control: Control
  readonly tags: Tags
}

/** Organization policies over an account: of each level (root, unit, account) one has to allow. */
export interface Control {
  readonly levels: readonly (readonly Policy[])[]
  /** All levels are known; `exempt`: the management account, a service-linked role. */
  readonly seen: 'whole' | 'partly' | 'none' | 'exempt'
}

/** What is asked for. */
export interface On {
  readonly key: string
  /** Absent: anything at all. */
  readonly arn?: string
  /** ARNs by which policies may mean it. */
  readonly forms: readonly string[]
  /** `arn:aws:s3:::bucket/`: what is below it, part of which is enough for a permission and none for a denial. */
  readonly below?: string
  readonly account: string
  readonly organization?: string | undefined
  /** The policy of the thing itself; absent: it has none, or no source shows it. */
  readonly policy?: Policy | undefined
  /** Is that what decides (roles, keys), so that nothing is certain without it? */
  readonly ownPolicyDecides?: 'key' | 'trust'
  /** Resource control policies over its account. */
  readonly control?: Control | undefined
  readonly tags?: Tags
}

export interface Request {
  readonly who: Who
  readonly on: On
  /** Condition keys that the way of asking decides, in lower case. */
  readonly context?: ReadonlyMap<string, string> | undefined
}
