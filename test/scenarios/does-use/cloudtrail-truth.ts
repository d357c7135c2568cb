import { gunzipSync } from 'node:zlib'
import type { Plain } from './files.ts'

type Tree = Record<string, unknown>
const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {})

export interface CloudTrailTruth {
  /** `AKIA… > arn` : the long-lived key that signed, and who it is. */
  readonly keys: Set<string>
  /** `role arn > secret id as asked`: values that were read. */
  readonly reads: Set<string>
  readonly assumed: Set<string>
}

/** Who signed with which key, read event by event. */
export function cloudtrailUses(files: readonly Plain[]): CloudTrailTruth {
  const keys = new Set<string>()
  const reads = new Set<string>()
  const assumed = new Set<string>()
  for (const file of files)
    for (const event of eventsOf(file)) {
      const who = tree(event['userIdentity'])
      const [key, arn] = [who['accessKeyId'], who['arn']]
      const failed = event['errorCode'] !== undefined && event['errorCode'] !== null
      if (typeof key === 'string' && key.startsWith('AKIA') && typeof arn === 'string') keys.add(`${key} > ${arn}`)
      const asked = tree(event['requestParameters'])
      if (event['eventName'] === 'GetSecretValue' && !failed && typeof asked['secretId'] === 'string')
        reads.add(asked['secretId'])
      if (event['eventName'] === 'AssumeRole' && !failed && typeof asked['roleArn'] === 'string')
        assumed.add(asked['roleArn'])
    }
  return { keys, reads, assumed }
}

function eventsOf({ name, bytes }: Plain): Tree[] {
  const content = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  try {
    const whole: unknown = JSON.parse(content)
    if (Array.isArray(whole)) return whole.map(tree)
    const records = tree(whole)['Records'] ?? tree(whole)['Events']
    return Array.isArray(records) ? records.map(tree) : [tree(whole)]
  } catch {
    return content.split('\n').flatMap((line) => {
      try {
        return [tree(JSON.parse(line))]
      } catch {
        return []
      }
    })
  }
}
