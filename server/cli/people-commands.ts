import type { Command } from 'commander'
import { roleNames, tokenRoleNames, TOKEN_DAYS } from '../../graph/wire-people.ts'
import type { Print } from './print.ts'
import { wholeNumber } from './whole-number.ts'

type DataOf = () => { dataDir?: string }
type Json = { json?: boolean }

const many = (text: string, before: string[] = []): string[] => [...before, text]

/** `keyfall user` and `keyfall token`. Each is loaded when it is called. */
export function peopleCommands(program: Command, print: Print, dataOf: DataOf, done: (code: number) => void): void {
  const user = program.command('user').description('who may sign in, and as what')
  user
    .command('add')
    .description('invite somebody: prints a link that works once, for 24 h')
    .argument('<name>', 'how he is shown to others')
    .requiredOption('--role <role>', `${roleNames.join(', ')}; several times for several`, many)
    .option(
      '--scope <id>',
      'he sees facts of this source alone (ids: keyfall sources); several times for several',
      many,
    )
    .option('--json', 'print the answer as JSON, the shape of POST /api/people')
    .action(async (name: string, options: Json & { role: string[]; scope?: string[] }) => {
      const { addUser } = await import('./user.ts')
      done(await addUser(print, { name, ...dataOf(), ...options }))
    })
  user
    .command('list')
    .description('everybody who may sign in')
    .option('--json', 'print the answer as JSON, the shape of GET /api/people')
    .action(async (options: Json) => {
      const { listUsers } = await import('./user.ts')
      done(await listUsers(print, { ...dataOf(), ...options }))
    })
  user
    .command('invite')
    .description('a new link for somebody whose session is over; the one before stops working')
    .argument('<who>', 'his id, or his name')
    .option('--json', 'print the answer as JSON, the shape of POST /api/people/{id}/invite')
    .action(async (who: string, options: Json) => {
      const { inviteUser } = await import('./user.ts')
      done(await inviteUser(print, { who, ...dataOf(), ...options }))
    })
  user
    .command('disable')
    .description('end his sessions and refuse him, and the tokens that act in his name')
    .argument('<who>', 'his id, or his name')
    .option('--enable', 'let him in again')
    .option('--json', 'print him as JSON, a row of GET /api/people')
    .action(async (who: string, options: Json & { enable?: boolean }) => {
      const { disableUser } = await import('./user.ts')
      done(await disableUser(print, { who, ...dataOf(), ...options }))
    })

  const token = program.command('token').description('tokens of collectors and of programs')
  token
    .command('create')
    .description('make one; its secret is printed once, alone on standard output')
    .argument('<name>', 'what it is for')
    .option('--role <role>', tokenRoleNames.join(', '), 'collector')
    .option('--days <number>', `how long it works, at most ${TOKEN_DAYS}`, wholeNumber, 30)
    .option('--scope <id>', 'it uploads or sees this source alone; several times for several', many)
    .option('--json', 'print the answer as JSON, the shape of POST /api/tokens')
    .action(async (name: string, options: Json & { role: string; days: number; scope?: string[] }) => {
      const { makeToken } = await import('./token.ts')
      done(await makeToken(print, { name, ...dataOf(), ...options }))
    })
  token
    .command('list')
    .description('all tokens, never their secrets')
    .option('--json', 'print the answer as JSON, the shape of GET /api/tokens')
    .action(async (options: Json) => {
      const { listTokens } = await import('./token.ts')
      done(await listTokens(print, { ...dataOf(), ...options }))
    })
  token
    .command('revoke')
    .description('refuse it from the next request on')
    .argument('<id>', 'as `keyfall token list` shows it')
    .option('--json', 'print the answer as JSON, the shape of GET /api/tokens')
    .action(async (id: string, options: Json) => {
      const { revokeToken } = await import('./token.ts')
      done(await revokeToken(print, { id, ...dataOf(), ...options }))
    })
}
