#!/usr/bin/env node
/** The command `keyfall`. In a checkout it first builds what is older than its sources. */
import { buildIfNeeded } from './build.mjs'

try {
  buildIfNeeded(process.argv[2] === 'serve' ? ['server', 'client'] : ['server'])
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
// `keyfall … | head` closes the pipe: that is not an error.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1))
const { main } = await import('../../dist/server/cli/main.js')
process.exitCode = await main(process.argv)
