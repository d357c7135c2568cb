import * as z from 'zod/mini'

/**
 * Who may do what (security-reliability.md 4.2), and the shapes of the Settings screen. A person has any number of
 * roles; none includes another, so that an admin sees no map and an auditor approves nothing.
 */
export const roleNames = ['viewer', 'analyst', 'approver', 'collector', 'auditor', 'admin'] as const
export const Role = z.enum(roleNames)
export type Role = z.infer<typeof Role>

export const roleWords: Readonly<Record<Role, string>> = {
  viewer: 'sees the map and the answers about it',
  analyst: 'simulates, annotates, imports, drafts plans',
  approver: 'signs off plans that somebody else wrote',
  collector: 'uploads exports and sees the result of his own uploads, nothing else',
  auditor: 'reads and verifies the audit, sees no map',
  admin: 'invites people, gives roles, makes tokens; sees no map',
}

/** What a permission takes: one of these roles. Routes and screens name the same ones. */
export const permissions = {
  'map.read': ['viewer', 'analyst', 'approver'],
  'change.simulate': ['analyst', 'approver'],
  'map.annotate': ['analyst'],
  'plan.read': ['viewer', 'analyst', 'approver', 'admin'],
  'plan.write': ['analyst'],
  /** An admin only as break-glass, with a written reason. Never the author. */
  'plan.approve': ['approver', 'admin'],
  'import.upload': ['analyst', 'collector'],
  /** More than the retire guard lets through. */
  'import.confirm': ['analyst'],
  'map.export': ['analyst'],
  'audit.read': ['auditor'],
  'people.manage': ['admin'],
  /** Which imports are too old to be kept. */
  'store.manage': ['admin'],
  'tokens.collector': ['admin'],
  /** A token of one's own, for the command line. */
  'tokens.own': ['viewer', 'analyst', 'approver', 'auditor', 'admin'],
} as const satisfies Record<string, readonly Role[]>
export type Permission = keyof typeof permissions
export const permissionNames = Object.keys(permissions) as Permission[]

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(80))
const scopes = z.array(z.string().check(z.minLength(1), z.maxLength(300))).check(z.maxLength(200))
const moment = z.nullable(z.string())

/** `GET /api/me`: who I am here and what I may do. The screen offers only what `may` holds. */
export const MeReply = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(Role),
  /** Names of permissions; what is missing is answered 403. */
  may: z.array(z.enum(permissionNames as [Permission, ...Permission[]])),
  /** Only facts of these sources are in any answer; `null`: no limit. */
  scopes: z.nullable(z.array(z.string())),
  via: z.enum(['session', 'token', 'local']),
  /** When this session or token ends in any case; `null` for a command on the server's machine. */
  until: moment,
})
export type MeReply = z.infer<typeof MeReply>

/** `GET /api/sign-in`, open: the ways in. */
export const SignInReply = z.object({
  /** Go to `/api/oidc/start` when it is set; the name of the identity provider. */
  oidc: z.nullable(z.string()),
})
export type SignInReply = z.infer<typeof SignInReply>

export const PersonRow = z.object({
  id: z.string(),
  name: z.string(),
  /** `owner`: whoever may read the data directory; `local`: invited here; `oidc`: of the identity provider. */
  from: z.enum(['owner', 'local', 'oidc']),
  /** `invited`: has not opened the link yet. */
  state: z.enum(['invited', 'active', 'disabled']),
  roles: z.array(Role),
  /** Ids of `GET /api/sources`; `null`: no limit. */
  scopes: z.nullable(z.array(z.string())),
  createdAt: moment,
  /** Id of who invited him. */
  by: z.nullable(z.string()),
  lastSignInAt: moment,
  /** Live sessions now. */
  sessions: z.number(),
  /** When the open invitation runs out. */
  invitedUntil: moment,
})
export type PersonRow = z.infer<typeof PersonRow>

/** `GET /api/people`, and the reply to disabling, enabling, changing, revoking. */
export const PeopleReply = z.object({ people: z.array(PersonRow) })
export type PeopleReply = z.infer<typeof PeopleReply>

/** `POST /api/people`: invite somebody. */
export const InvitePerson = z.object({
  name,
  roles: z.array(Role).check(z.minLength(1)),
  scopes: z.optional(z.nullable(scopes)),
})
export type InvitePerson = z.infer<typeof InvitePerson>

/** `PUT /api/people/{id}`: only what is given changes. Roles of OIDC people come from the provider at each sign-in. */
export const ChangePerson = z.object({
  name: z.optional(name),
  roles: z.optional(z.array(Role)),
  scopes: z.optional(z.nullable(scopes)),
  /** `true` ends every session and token of his at once. */
  disabled: z.optional(z.boolean()),
})
export type ChangePerson = z.infer<typeof ChangePerson>

/** `POST /api/people` and `POST /api/people/{id}/invite`: `url` is shown once and never again. */
export const InvitationReply = z.object({ person: PersonRow, url: z.string(), until: z.string() })
export type InvitationReply = z.infer<typeof InvitationReply>

/** No token approves or manages: that is for somebody who is there. */
export const tokenRoleNames = ['collector', 'viewer', 'analyst', 'auditor'] as const
export const TOKEN_DAYS = 90

export const TokenRow = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(tokenRoleNames),
  scopes: z.nullable(z.array(z.string())),
  createdAt: z.string(),
  until: z.string(),
  /** Whoever made it; all but a collector's token act in his name and lose what he loses. */
  by: z.object({ id: z.string(), name: z.string() }),
  lastUsedAt: moment,
  state: z.enum(['active', 'expired', 'revoked']),
})
export type TokenRow = z.infer<typeof TokenRow>

/** `GET /api/tokens`: an admin sees all, everybody else his own. `DELETE /api/tokens/{id}` revokes one. */
export const TokensReply = z.object({ tokens: z.array(TokenRow) })
export type TokensReply = z.infer<typeof TokensReply>

/** `POST /api/tokens`. `collector` takes an admin, the others a role that one has. */
export const MakeToken = z.object({
  name,
  role: z.enum(tokenRoleNames),
  days: z.int().check(z.gte(1), z.lte(TOKEN_DAYS)),
  scopes: z.optional(z.nullable(scopes)),
})
export type MakeToken = z.infer<typeof MakeToken>

/** `secret` is shown once and never again. */
export const NewTokenReply = z.object({ token: TokenRow, secret: z.string() })
export type NewTokenReply = z.infer<typeof NewTokenReply>
