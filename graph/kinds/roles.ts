/**
 * The part a thing plays in an outage (engine.md, "The shape of a vector"). Every entity kind has exactly one.
 * `other` things (teams, repositories, accounts) carry no breakage.
 */
export const roles = ['credential', 'identity', 'secret', 'workload', 'system', 'resource', 'other'] as const
export type Role = (typeof roles)[number]
