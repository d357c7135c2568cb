import { z } from 'zod'

/**
 * The fields taken from an audit entry, and no others. Of `request.data` and `response.data` only what names a role, an
 * accessor or a lease is taken, and whether AWS credentials have a session token; what else stands in them is gone
 * after parsing.
 */

const text = z.string().max(2048).nullish().catch(undefined)
const presence = z
  .unknown()
  .optional()
  .transform((value) => typeof value === 'string' && value !== '')

const Metadata = z
  .object({
    role: text,
    role_name: text,
    username: text,
    service_account_name: text,
    service_account_namespace: text,
    service_account_uid: text,
    service_account_email: text,
    canonical_arn: text,
    client_arn: text,
    cert_name: text,
    common_name: text,
  })
  .nullish()
  .catch(undefined)

const Auth = z.object({
  accessor: text,
  display_name: text,
  policies: z.array(z.string().max(512)).nullish().catch(undefined),
  metadata: Metadata,
  entity_id: text,
  token_type: text,
  token_ttl: z.number().nullish().catch(undefined),
  policy_results: z
    .object({
      allowed: z.boolean().nullish(),
      granting_policies: z
        .array(z.object({ name: text, type: text }))
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
})

export const Entry = z.object({
  time: z.string().max(64).nullish(),
  type: z.enum(['request', 'response']),
  error: text,
  auth: Auth.nullish(),
  request: z
    .object({
      id: text,
      operation: text,
      path: text,
      mount_type: text,
      mount_point: text,
      mount_accessor: text,
      namespace: z.object({ path: text }).nullish(),
      remote_address: text,
      client_token_accessor: text,
      wrap_ttl: z.number().nullish().catch(undefined),
      headers: z
        .object({ 'user-agent': z.array(z.string().max(512)).nullish() })
        .nullish()
        .catch(undefined),
      data: z
        .object({ role: text, accessor: text, secret_id_accessor: text, lease_id: text })
        .nullish()
        .catch(undefined),
    })
    .nullish(),
  response: z
    .object({
      auth: Auth.nullish(),
      error: text,
      secret: z.object({ lease_id: text }).nullish().catch(undefined),
      wrap_info: z.object({ accessor: text, creation_path: text }).nullish().catch(undefined),
      data: z.object({ security_token: presence, error: text }).nullish().catch(undefined),
    })
    .nullish(),
})
export type Entry = z.infer<typeof Entry>

/** As much of a request as says what it is about. */
export const Head = z.object({
  type: z.literal('request'),
  request: z
    .object({
      id: text,
      operation: text,
      path: text,
      mount_type: text,
      mount_point: text,
      namespace: z.object({ path: text }).nullish(),
    })
    .nullish(),
})
export type Auth = z.infer<typeof Auth>
export type Request = NonNullable<Entry['request']>

/** `****`, `jwt-project:***`: starred out before the export. An HMAC is a mask too where a name is needed. */
export function isMasked(value: string | null | undefined): boolean {
  return (
    value === null || value === undefined || value === '' || value.includes('***') || value.startsWith('hmac-sha256:')
  )
}

/** The value, unless it is absent or masked. */
export function told(value: string | null | undefined): string | undefined {
  return isMasked(value) ? undefined : value!
}

/** Accessors are kept as they stand, HMAC or not: they only serve to join entries. Starred-out ones do not. */
export function joinable(accessor: string | null | undefined): string | undefined {
  return accessor && !accessor.includes('***') ? accessor : undefined
}
