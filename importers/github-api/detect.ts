import type { Probe } from '../importer.ts'
import { requestOfLabel } from './replies.ts'
import { segmentsOf } from './request.ts'

/** Words that only replies of this API have. Each with how sure it makes us. */
const words: readonly (readonly [text: string, score: number])[] = [
  ['"selected_repositories_url"', 0.8],
  ['"token_expires_at"', 0.8],
  ['"access_tokens_url"', 0.8],
  ['"runner_groups"', 0.7],
  ['"protection_rules"', 0.7],
  ['"secret_type_display_name"', 0.7],
  ['"include_claim_keys"', 0.7],
  ['https://api.github.com/repos/', 0.5],
  ['https://api.github.com/orgs/', 0.5],
]

/** By the calls that the file names, by its name as a path of the API, by words of the API's own. */
export function detect({ name, head }: Probe): number {
  const start = head.trimStart()
  if (!start.startsWith('{') && !start.startsWith('[')) return 0
  if (start.slice(0, 40).replaceAll(/[\s{]/g, '').startsWith('"GET/')) return 0.95
  const call = addressIn(start)
  if (call !== undefined && segmentsOf(call)) return 0.95
  // What GitHub sends to webhooks looks like its replies, and is an event.
  if (head.includes('"sender"') && !head.includes('"body"')) return 0
  if (requestOfLabel(name)) return 0.9
  if (head.includes('"apiVersion"') || head.includes('"terraform_version"')) return 0
  const found = words.filter(([text]) => head.includes(text)).map(([, score]) => score)
  if (found.length > 0) return Math.max(...found)
  const isSecrets = head.includes('"secrets"') && head.includes('"total_count"') && head.includes('"updated_at"')
  return isSecrets ? 0.6 : 0
}

/** `{"url":"/orgs/…","body":…}`: the first text of the first object, where it is called so. */
function addressIn(start: string): string | undefined {
  const head = start.slice(0, 2048)
  for (const name of ['"url"', '"path"', '"request"']) {
    const at = head.indexOf(name)
    if (at < 0 || at > 4) continue
    const open = head.indexOf('"', head.indexOf(':', at) + 1)
    const end = head.indexOf('"', open + 1)
    if (open < 0 || end < 0) return undefined
    const address = head.slice(open + 1, end)
    const rest = head.slice(end)
    return rest.includes('"body"') || rest.includes('"status"') || rest.includes('"done"') ? address : undefined
  }
  return undefined
}
