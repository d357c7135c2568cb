import { join } from 'node:path'
import { readConfig, type Config } from '../config.ts'
import type { Finding } from '../store/contract.ts'
import { verifyStoreFile } from '../store/embedded/verify.ts'
import { openPlain } from '../store/open.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

/**
 * Everything that is stored against its hash, whatever else opens or does not open: a server may hold the store
 * meanwhile, and of a sealed one no secret is asked. Exit code 0: all is as it was stored. 1: something is not.
 */
export async function verify(
  print: Print,
  { json = false, ...given }: { dataDir?: string; json?: boolean },
): Promise<number> {
  const findings: Finding[] = []
  for await (const finding of findingsOf(readConfig(process.env, given))) {
    findings.push(finding)
    if (!json) print.line(clean(`${finding.what} ${finding.id}: ${finding.words}`))
  }
  const ok = findings.length === 0
  if (json) print.line(jsonText({ ok, findings }))
  else if (ok) print.line('Everything is as it was stored.')
  else {
    print.line(`${findings.length} ${findings.length === 1 ? 'thing is' : 'things are'} not what was stored.`)
    print.aside('Restore a copy of the data directory, or move it away and import its sources into a new one.')
  }
  return ok ? exitCodes.done : exitCodes.ourFailure
}

async function* findingsOf({ neo4j, dataDir }: Config): AsyncGenerator<Finding> {
  if (neo4j) {
    const { uri, user, password } = neo4j
    const store = await openPlain({ dataDir, neo4jUri: uri, neo4jUser: user, neo4jPassword: password }, true)
    try {
      yield* store.verify()
    } finally {
      await store.close()
    }
    return
  }
  const findings = verifyStoreFile(join(dataDir, 'store.db'))
  if (!findings) throw new UsageProblem(`${clean(dataDir)} holds no store`, 'name its folder with --data')
  yield* findings
}
