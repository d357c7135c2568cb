import { z } from 'zod'

/** What is taken of each reply of GitHub's REST API. People (names, addresses, avatars) are not, but for the account of a token. */
const text = z.string().max(1024)
const maybe = text.nullish().catch(undefined)
const flag = z.boolean().nullish().catch(undefined)
const number = z.number().nullish().catch(undefined)
/** Ids are numbers to GitHub and names here. */
const id = z.union([z.number().int().nonnegative(), z.string().min(1).max(64)]).transform(String)
const list = <T extends z.ZodType>(item: T) => z.array(item).max(10_000).nullish().catch(undefined)

export const Secret = z.object({
  name: z.string().min(1).max(512),
  created_at: maybe,
  updated_at: maybe,
  /** As `gh secret list --json` writes it. */
  updatedAt: maybe,
  visibility: maybe,
  selected_repositories_url: maybe,
})
export type Secret = z.infer<typeof Secret>

/** Values are dropped: some people keep secrets in variables. */
export const Variable = z.object({ name: z.string().min(1).max(512) })

export const Repository = z.object({
  full_name: z.string().min(3).max(300),
  private: flag,
  visibility: maybe,
  archived: flag,
  default_branch: maybe,
  permissions: z.record(z.string(), z.boolean()).nullish().catch(undefined),
  role_name: maybe,
})
export type Repository = z.infer<typeof Repository>

export const DeployKey = z.object({
  id,
  key: z.string().max(20_000).nullish().catch(undefined),
  title: maybe,
  created_at: maybe,
  last_used: maybe,
  read_only: flag,
  enabled: flag,
})
export type DeployKey = z.infer<typeof DeployKey>

const permissions = z.record(z.string().max(64), z.record(z.string().max(64), z.string().max(32)))
export const Token = z.object({
  id,
  token_id: id,
  token_name: maybe,
  owner: z.object({ login: text, type: maybe }).nullish().catch(undefined),
  repository_selection: maybe,
  permissions: permissions.nullish().catch(undefined),
  access_granted_at: maybe,
  created_at: maybe,
  token_expired: flag,
  token_expires_at: maybe,
  token_last_used_at: maybe,
})
export type Token = z.infer<typeof Token>

export const Installation = z.object({
  id,
  app_slug: z.string().min(1).max(256),
  app_id: id.nullish().catch(undefined),
  account: z.object({ login: text }).nullish().catch(undefined),
  repository_selection: maybe,
  permissions: z.record(z.string().max(64), z.string().max(32)).nullish().catch(undefined),
  created_at: maybe,
  suspended_at: maybe,
})
export type Installation = z.infer<typeof Installation>

export const Runner = z.object({
  id,
  name: text,
  os: maybe,
  status: maybe,
  ephemeral: flag,
  runner_group_id: id.nullish().catch(undefined),
  labels: list(z.object({ name: text })),
})
export type Runner = z.infer<typeof Runner>

export const RunnerGroup = z.object({
  id,
  name: text,
  visibility: maybe,
  default: flag,
  allows_public_repositories: flag,
  restricted_to_workflows: flag,
  selected_workflows: list(text),
})
export type RunnerGroup = z.infer<typeof RunnerGroup>

const Rule = z.object({
  type: maybe,
  wait_timer: number,
  reviewers: list(
    z.object({
      type: maybe,
      reviewer: z.object({ slug: maybe, html_url: maybe }).nullish().catch(undefined),
    }),
  ),
})
export const Environment = z.object({
  name: z.string().min(1).max(512),
  created_at: maybe,
  protection_rules: list(Rule),
  deployment_branch_policy: z
    .object({ protected_branches: flag, custom_branch_policies: flag })
    .nullish()
    .catch(undefined),
})
export type Environment = z.infer<typeof Environment>

export const Webhook = z.object({
  id,
  active: flag,
  events: list(text),
  created_at: maybe,
  updated_at: maybe,
  config: z
    .object({ url: maybe, secret: maybe, insecure_ssl: z.union([z.string(), z.number()]).nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
})
export type Webhook = z.infer<typeof Webhook>

/** `secret` is read for its keyed fingerprint alone and goes no further. */
export const Alert = z.object({
  number: id,
  created_at: maybe,
  state: maybe,
  resolution: maybe,
  resolved_at: maybe,
  secret_type: maybe,
  secret_type_display_name: maybe,
  secret: z.string().max(100_000).nullish().catch(undefined),
  validity: maybe,
  publicly_leaked: flag,
  multi_repo: flag,
  repository: z.object({ full_name: text }).nullish().catch(undefined),
})
export type Alert = z.infer<typeof Alert>

export const Team = z.object({ slug: z.string().min(1).max(256), name: maybe, html_url: maybe, permission: maybe })
export type Team = z.infer<typeof Team>

export const Collaborator = z.object({
  permissions: z.record(z.string(), z.boolean()).nullish().catch(undefined),
  role_name: maybe,
})
export const SubjectClaims = z.object({ use_default: flag, include_claim_keys: list(text) })
export const WorkflowPermissions = z.object({ default_workflow_permissions: text })
export const Ruleset = z.object({ name: text, enforcement: maybe, target: maybe })
export const Protection = z.object({ url: maybe })
export const WorkflowRun = z.object({
  path: z.string().min(1).max(512),
  event: maybe,
  head_branch: maybe,
  created_at: maybe,
  repository: z.object({ full_name: text }).nullish().catch(undefined),
})
export type WorkflowRun = z.infer<typeof WorkflowRun>
