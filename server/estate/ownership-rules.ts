import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOwnershipRules } from '../../importers/read/ownership-rules.ts'
import { ConfigError } from '../config.ts'

const FILE = 'ownership.rules'

/**
 * Text of `ownership.rules` in the data directory: by which tags, labels and annotations things name their owners.
 * Undefined where there is none.
 * @throws ConfigError with every line that is wrong, and what may stand there.
 */
export function ownershipRulesIn(dataDir: string): string | undefined {
  const file = join(dataDir, FILE)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`${file} cannot be read: make it readable, or move it away`)
  }
  const { problems } = readOwnershipRules(text)
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `${file}, ${problem}`).join('\n'))
  return text
}
