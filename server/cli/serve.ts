import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { findLocalDoor } from '../auth/local-token.ts'
import { plural } from '../../graph/answer/durations.ts'
import { readConfig } from '../config.ts'
import { PortTaken } from '../http/listen.ts'
import { startServer, type RunningServer } from '../http/start.ts'
import { openLog } from '../log.ts'
import type { AboutOpening } from '../estate/keeper.ts'
import { loadSample } from '../estate/load-sample.ts'
import { isStoreError } from '../store/errors.ts'
import { clean } from './clean.ts'
import { answers, newLink } from './desk-of-server.ts'
import { exitCodes } from './exit-codes.ts'
import type { Print } from './print.ts'

const STOP_MS = 10_000
/** What takes longer is said. */
const SILENT_MS = 2_000

export interface ServeOptions {
  readonly dataDir?: string
  readonly port?: string
  readonly sample?: boolean
}

/** Runs until it is told to stop. Where a server runs on this data directory already, prints a new link to it. */
export async function serve(print: Print, { sample = false, ...given }: ServeOptions): Promise<number> {
  const config = readConfig(process.env, given)
  const door = findLocalDoor(config.dataDir)
  if (door && (await answers(door))) {
    print.line(`A server runs on ${clean(config.dataDir)} already (pid ${door.pid}). Open, once:`)
    print.line(`  ${await newLink(door)}`)
    return exitCodes.done
  }
  let server: RunningServer
  let saying: NodeJS.Timeout | undefined
  const onOpening = (about: AboutOpening): void => {
    saying ??= setTimeout(() => print.aside(openingWords(about)), SILENT_MS)
  }
  try {
    server = await startServer({ config, log: openLog(config.logLevel), onOpening })
  } catch (error) {
    if (error instanceof PortTaken) {
      print.aside(`keyfall: ${error.message}`)
      print.aside('  choose another one with --port or KEYFALL_PORT (0: any that is free)')
      return exitCodes.ourFailure
    }
    if (!isStoreError(error)) throw error
    print.aside(`keyfall: ${clean(error.message)}`)
    print.aside(`  ${error.hint}`)
    return exitCodes.storeRefused
  } finally {
    clearTimeout(saying)
  }
  try {
    const told = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    if (sample) await Promise.race([loadSample(server.estate), told])
    sayHello(print, server, config.dataDir)
    await told
  } finally {
    await Promise.race([server.close(), wait(STOP_MS, undefined, { ref: false })])
  }
  return exitCodes.done
}

/** For whoever sees nothing happen; the first time after an import nothing is kept beside the store yet. */
function openingWords({ relationships, sources }: AboutOpening): string {
  const what = `${plural(relationships, 'relationship')} of ${plural(sources, 'source')}`
  return `keyfall: opening ${what}; a million take half a minute, the first time after an import minutes …`
}

function sayHello(print: Print, server: RunningServer, dataDir: string): void {
  const { sample, entities, relationships, sources } = server.estate.keeper.snapshot()
  const { bold, dim } = print.paint
  if (sample)
    print.line('This is a sample: the exports of a company that does not exist. `keyfall import PATH…` adds your own.')
  else if (sources === 0)
    print.line('Nothing is imported yet: drop export files on the page, or run `keyfall import PATH…`.')
  else
    print.line(
      `${plural(entities, 'thing')} and ${plural(relationships, 'relationship')} from ${plural(sources, 'source')}.`,
    )
  print.line(`Open, once, in this machine's browser:  ${bold(server.link())}`)
  print.line(
    dim(`The link works one time; \`keyfall serve\` in another terminal prints a new one. Data: ${clean(dataDir)}`),
  )
}
