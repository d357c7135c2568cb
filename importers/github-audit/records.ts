import { z } from 'zod'

/**
 * What is taken of an event of GitHub's audit log. Names as GitHub writes them; addresses, places and messages of people
 * are not taken, their account is.
 */
const text = z.string().max(2048)
const maybe = text.nullish().catch(undefined)
const id = z
  .union([z.number().int().nonnegative(), z.string().min(1).max(128)])
  .transform(String)
  .nullish()
  .catch(undefined)
const texts = z.array(text).max(1000).nullish().catch(undefined)
/** Milliseconds since 1970, or a text with or without a zone. */
const moment = z.union([z.number(), text]).nullish().catch(undefined)

export const Event = z.object({
  action: z.string().min(1).max(200),
  _document_id: maybe,
  '@timestamp': moment,
  created_at: moment,
  actor: maybe,
  actor_is_bot: z.boolean().nullish().catch(undefined),
  actor_ip: maybe,
  actor_location: z.object({ country_code: maybe }).nullish().catch(undefined),
  user: maybe,
  user_agent: maybe,
  org: z.union([text, texts]).nullish().catch(undefined),
  business: maybe,
  repo: maybe,
  repository: maybe,
  programmatic_access_type: maybe,
  token_id: id,
  hashed_token: maybe,
  deploy_key_fingerprint: maybe,
  fingerprint: maybe,
  title: maybe,
  read_only: z.union([z.boolean(), text]).nullish().catch(undefined),
  /** Name of the secret. */
  key: maybe,
  secret_name: maybe,
  environment_name: maybe,
  visibility: maybe,
  integration: maybe,
  /** Of an App, where `integration` is not there. */
  name: maybe,
  token_name: maybe,
  user_programmatic_access_name: maybe,
  job_name: maybe,
  job_workflow_ref: maybe,
  workflow_ref: maybe,
  secrets_passed: texts,
})
export type Event = z.infer<typeof Event>

/** What GitHub sends to webhooks, as far as it tells of credentials. */
export const Delivery = z.object({
  action: maybe,
  repository: z.object({ full_name: text }).nullish().catch(undefined),
  key: z
    .object({
      id,
      key: z.string().max(20_000).nullish().catch(undefined),
      title: maybe,
      read_only: z.boolean().nullish().catch(undefined),
      created_at: maybe,
    })
    .nullish()
    .catch(undefined),
  workflow_run: z
    .object({ path: maybe, head_branch: maybe, event: maybe, created_at: maybe })
    .nullish()
    .catch(undefined),
  installation: z
    .object({ app_slug: maybe, suspended_at: maybe, account: z.object({ login: text }).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
  alert: z
    .object({ number: id, secret_type: maybe, resolution: maybe, state: maybe, created_at: maybe })
    .nullish()
    .catch(undefined),
})
export type Delivery = z.infer<typeof Delivery>
