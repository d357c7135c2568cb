import { TOKEN_DAYS, tokenRoleNames, type MakeToken } from '../../graph/wire-people.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openPeopleDesk, type PeopleDesk } from './people-desk.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'
import { UsageProblem } from './usage-problem.ts'

export interface TokenOptions {
  readonly dataDir?: string
  readonly json?: boolean
}

export interface MakeTokenOptions extends TokenOptions {
  readonly name: string
  readonly role: string
  readonly days: number
  readonly scope?: readonly string[]
}

async function withDesk<T>(options: TokenOptions, work: (desk: PeopleDesk) => Promise<T>): Promise<T> {
  const desk = await openPeopleDesk(options)
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}

/** Makes a token and prints its secret, alone on standard output, once. */
export async function makeToken(print: Print, options: MakeTokenOptions): Promise<number> {
  const { name, days, scope } = options
  const role = options.role as MakeToken['role']
  if (!tokenRoleNames.includes(role)) throw new UsageProblem('no token has that role', tokenRoleNames.join(', '))
  if (!(days >= 1 && days <= TOKEN_DAYS))
    throw new UsageProblem(`--days is from 1 to ${TOKEN_DAYS}`, 'make a new one before it runs out')
  const reply = await withDesk(options, (desk) =>
    desk.makeToken({ name, role, days, ...(scope && { scopes: [...scope] }) }),
  )
  if (options.json) print.line(jsonText(reply))
  else {
    const { token, secret } = reply
    print.aside(`${token.id}, role ${role}, until ${token.until.slice(0, 10)}. It is shown this once:`)
    print.line(secret)
  }
  return exitCodes.done
}

export async function listTokens(print: Print, options: TokenOptions): Promise<number> {
  const reply = await withDesk(options, (desk) => desk.tokens())
  if (options.json) print.line(jsonText(reply))
  else if (reply.tokens.length === 0) print.line('There is no token.')
  else {
    const rows = reply.tokens.map(({ id, name, role, state, until, by, lastUsedAt }) => [
      id,
      name,
      role,
      state,
      until.slice(0, 10),
      by.name,
      lastUsedAt?.slice(0, 10) ?? 'never',
    ])
    printTable(print, ['id', 'name', 'role', 'state', 'until', 'made by', 'last used'], rows)
  }
  return exitCodes.done
}

export async function revokeToken(print: Print, options: TokenOptions & { readonly id: string }): Promise<number> {
  const reply = await withDesk(options, (desk) => desk.revokeToken(options.id))
  if (options.json) print.line(jsonText(reply))
  else print.line(`${clean(options.id)} is refused from now on.`)
  return exitCodes.done
}
