import { z } from 'zod'

const text = z.string().max(1024)
const maybe = text.optional().catch(undefined)
const texts = z.array(text).max(1000).optional().catch(undefined)

/** One application and the accounts it has, as a platform's register keeps it. Numbers of accounts are not in it. */
export const Application = z.object({
  'account-type': text,
  environments: z
    .array(
      z.object({
        name: text,
        access: z
          .array(z.object({ sso_group_name: maybe, level: maybe }))
          .max(1000)
          .optional()
          .catch(undefined),
      }),
    )
    .max(1000),
  tags: z.object({
    application: maybe,
    'business-unit': maybe,
    'infrastructure-support': maybe,
    owner: maybe,
    'critical-national-infrastructure': z.union([text, z.boolean().transform(String)]).optional().catch(undefined),
    'slack-channel': maybe,
    'service-area': maybe,
  }),
  codeowners: texts,
  'github-oidc-team-repositories': texts,
  'go-live-date': maybe,
}) // prettier-ignore
export type Application = z.infer<typeof Application>
