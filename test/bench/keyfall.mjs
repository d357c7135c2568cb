/**
 * The command `keyfall` as it was built, for benchmarks: the one for people would look whether it has to build anew. A file,
 * not `node -e`: threads of the server inherit how it was started, and refuse `--input-type`.
 */
import { main } from '../../dist/server/cli/main.js'

process.exitCode = await main(process.argv)
