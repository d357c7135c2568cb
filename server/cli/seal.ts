import { setTimeout as wait } from 'node:timers/promises'
import { findLocalDoor } from '../auth/local-token.ts'
import { readConfig } from '../config.ts'
import { sealNew, wrappedKeyOf } from '../seal/open-sealed.ts'
import { sealSettings, trimmed } from '../seal/settings.ts'
import { openPlain } from '../store/open.ts'
import { answers } from './desk-of-server.ts'
import { exitCodes } from './exit-codes.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

const LEAST_BYTES = 12
const MOST_BYTES = 1_024
const READY_MS = 60_000

/** Seals a new data directory: with the secret of KEYFALL_SEAL, or a passphrase from standard input. */
export async function seal(print: Print, given: { dataDir?: string }): Promise<number> {
  const config = readConfig(process.env, given)
  const secret = (await sealSettings(process.env)?.secret()) ?? (await passphrase(print))
  if (secret.length < LEAST_BYTES)
    throw new UsageProblem(`a passphrase has at least ${LEAST_BYTES} characters`, 'take a few words')
  const { dataDir, neo4j } = config
  const store = await openPlain(
    { dataDir, neo4jUri: neo4j?.uri, neo4jUser: neo4j?.user, neo4jPassword: neo4j?.password },
    true,
  )
  try {
    if (await wrappedKeyOf(store)) throw new UsageProblem('this store is sealed already', 'see keyfall unseal')
    await sealNew(store, secret, process.env)
  } finally {
    await store.close()
  }
  print.line('Sealed. What is stored from now on can be read with this secret alone; nobody can bring it back.')
  return exitCodes.done
}

/** Gives the passphrase, read from standard input, to the server that waits for it. */
export async function unseal(print: Print, given: { dataDir?: string }): Promise<number> {
  const { dataDir } = readConfig(process.env, given)
  const door = findLocalDoor(dataDir)
  if (!door || !(await answers(door)))
    throw new UsageProblem('no server waits on this data directory', 'run `keyfall serve`')
  const { url } = door
  const response = await fetch(`${url}/api/unseal`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url },
    body: JSON.stringify({ passphrase: Buffer.from(await passphrase(print)).toString() }),
  })
  if (response.status === 404)
    throw new UsageProblem('the store is not sealed, or is unsealed already', 'nothing is to be done')
  if (!response.ok) throw new UsageProblem('this does not unseal the store', 'check the passphrase')
  for (const until = performance.now() + READY_MS; performance.now() < until; await wait(100)) {
    const now = findLocalDoor(dataDir)
    if (now && now.token !== door.token && (await answers(now))) {
      print.line(`Unsealed: ${now.url}. \`keyfall serve\` prints a link.`)
      return exitCodes.done
    }
  }
  print.line('Unsealed; the server is still reading what is stored.')
  return exitCodes.done
}

/** Standard input to its first line end; on a terminal without showing it. */
async function passphrase(print: Print): Promise<Uint8Array> {
  const { stdin } = process
  if (stdin.isTTY) {
    print.aside('Passphrase (not shown):')
    stdin.setRawMode(true)
  }
  const typed: number[] = []
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>)
      for (const byte of chunk) {
        if (byte === 0x03) throw new UsageProblem('given up', 'nothing was changed')
        if (byte === 0x0a || byte === 0x0d) return trimmed(Buffer.from(typed))
        if (byte === 0x7f) typed.pop()
        else if (typed.push(byte) > MOST_BYTES) throw new UsageProblem('the passphrase is too long', 'see --help')
      }
    return trimmed(Buffer.from(typed))
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.destroy()
  }
}
