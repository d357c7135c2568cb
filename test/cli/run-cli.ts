import pc from 'picocolors'
import { main } from '../../server/cli/main.ts'
import type { Print } from '../../server/cli/print.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** The command line in this process, its output caught. */
export async function runCli(...args: string[]): Promise<Ran> {
  let [out, err] = ['', '']
  const print: Print = {
    line: (text = '') => void (out += `${text}\n`),
    write: (text) => void (out += text),
    aside: (text) => void (err += `${text}\n`),
    paint: pc.createColors(false),
    isTerminal: false,
    width: Infinity,
  }
  const code = await main(['node', 'keyfall', ...args], print)
  return { code, out, err }
}
