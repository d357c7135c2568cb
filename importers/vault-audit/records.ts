import { z } from 'zod'

/**
 * The fields taken from an audit entry, and no others: neither `request.data` nor `response.data` is named here, so
 * what stands in them is gone after parsing.
 */

const text = z.string().max(2048).nullish()

const Metadata = z
  .object({ role: text, role_name: text, username: text, service_account_name: text, service_account_namespace: text })
  .nullish()

const Auth = z.object({
  accessor: text,
  display_name: text,
  policies: z.array(z.string().max(512)).nullish(),
  metadata: Metadata,
  entity_id: text,
  token_type: text,
  token_ttl: z.number().nullish(),
  policy_results: z.object({ allowed: z.boolean().nullish() }).nullish(),
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
      namespace: z.object({ path: text }).nullish(),
      remote_address: text,
      headers: z.object({ 'user-agent': z.array(z.string().max(512)).nullish() }).nullish(),
    })
    .nullish(),
  response: z.object({ auth: Auth.nullish(), error: text }).nullish(),
})
export type Entry = z.infer<typeof Entry>
export type Auth = z.infer<typeof Auth>

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
