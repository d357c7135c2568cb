import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { importLimits } from './import/import-limits.ts'
import type { Retention } from './retention/prune.ts'
import type { ImportLimits } from './import/import-plan.ts'
import { OutsideEnvironment, outsideOf, type Outside } from './outside.ts'

export interface Config {
  /** Absolute. Everything Keyfall writes is in here. */
  readonly dataDir: string
  readonly port: number
  /** Loopback addresses, unless `outside` has what the others need. */
  readonly listen: readonly string[]
  readonly neo4j: { readonly uri: string; readonly user: string; readonly password: string } | null
  readonly outside: Outside
  /** What one import may cost. */
  readonly imports?: ImportLimits
  readonly retention: Retention
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace'
}

/** A setting that cannot be used: says which one and what it may be. Never repeats a password. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

/** An import is kept while it is among so many newest of its source, or younger than so many days. */
const KEEP_IMPORTS = 30
const KEEP_DAYS = 400

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])
/** May only this machine connect there? */
export const isLoopback = (address: string): boolean => loopback.has(address)
const boltSchemes = ['bolt:', 'bolt+s:', 'bolt+ssc:', 'neo4j:', 'neo4j+s:', 'neo4j+ssc:']

const amount = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/, 'must be a whole number, like 2000')
  .transform(Number)
  .optional()

const Environment = z.object({
  KEYFALL_DATA: z.string().min(1, 'is empty: name a folder, or unset it').optional(),
  KEYFALL_PORT: z
    .string()
    .regex(/^[0-9]{1,5}$/, 'must be a number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65535, 'must be a number from 0 to 65535')
    .optional(),
  KEYFALL_LISTEN: z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .refine(
      (addresses) => addresses.every((address) => loopback.has(address) || ipaddr.isValid(address)),
      'must be addresses of this machine, like 127.0.0.1,::1 or 0.0.0.0',
    )
    .optional(),
  KEYFALL_NEO4J_URI: z
    .string()
    .refine(
      (text) => boltSchemes.some((scheme) => text.startsWith(`${scheme}//`)),
      'must be like bolt://localhost:7687 or neo4j+s://host',
    )
    .optional(),
  KEYFALL_NEO4J_USER: z.string().optional(),
  KEYFALL_NEO4J_PASSWORD: z.string().optional(),
  KEYFALL_IMPORT_MB: amount,
  KEYFALL_IMPORT_MINUTES: amount,
  KEYFALL_KEEP_IMPORTS: amount.refine(
    (kept) => kept === undefined || kept >= 2,
    'must be 2 or more: an import that is undone needs the one before it',
  ),
  KEYFALL_KEEP_DAYS: amount,
  KEYFALL_LOG: z
    .enum(['silent', 'error', 'warn', 'info', 'debug', 'trace'], 'must be silent, error, warn, info, debug or trace')
    .optional(),
  XDG_DATA_HOME: z.string().optional(),
  ...OutsideEnvironment.shape,
})

/** Settings from the environment; `dataDir` (the `--data` option) wins. Throws `ConfigError` naming each wrong one. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  { dataDir, port, cwd = process.cwd() }: { dataDir?: string; port?: string; cwd?: string } = {},
): Config {
  const given: Record<string, string | undefined> = { ...environment }
  if (dataDir !== undefined) given.KEYFALL_DATA = dataDir
  if (port !== undefined) given.KEYFALL_PORT = port
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'))
  }
  const settings = parsed.data
  if (settings.KEYFALL_NEO4J_URI && settings.KEYFALL_NEO4J_PASSWORD === undefined) {
    throw new ConfigError('KEYFALL_NEO4J_PASSWORD is not set, but KEYFALL_NEO4J_URI is: set both, or none')
  }
  const listen = settings.KEYFALL_LISTEN ?? ['127.0.0.1', '::1']
  const { megabytes, minutes } = importLimits()
  const outside = outsideOf(settings, !listen.every(isLoopback))
  if ('wrong' in outside) throw new ConfigError(outside.wrong)
  return {
    dataDir: resolve(cwd, settings.KEYFALL_DATA ?? defaultDataDir(cwd, settings.XDG_DATA_HOME)),
    port: settings.KEYFALL_PORT ?? 8420,
    listen,
    outside,
    neo4j: settings.KEYFALL_NEO4J_URI
      ? {
          uri: settings.KEYFALL_NEO4J_URI,
          user: settings.KEYFALL_NEO4J_USER ?? 'neo4j',
          password: settings.KEYFALL_NEO4J_PASSWORD!,
        }
      : null,
    imports: {
      megabytes: settings.KEYFALL_IMPORT_MB ?? megabytes,
      minutes: settings.KEYFALL_IMPORT_MINUTES ?? minutes,
    },
    retention: {
      imports: settings.KEYFALL_KEEP_IMPORTS ?? KEEP_IMPORTS,
      days: settings.KEYFALL_KEEP_DAYS ?? KEEP_DAYS,
    },
    logLevel: settings.KEYFALL_LOG ?? 'warn',
  }
}

/** In a checkout, or where one was used before: `.keyfall` here. Elsewhere the user's own data folder. */
function defaultDataDir(cwd: string, xdgDataHome: string | undefined): string {
  const here = join(cwd, '.keyfall')
  if (existsSync(here) || existsSync(join(cwd, 'server', 'bin', 'keyfall.mjs'))) return here
  // The XDG rule: a relative path is to be ignored.
  const base = xdgDataHome && isAbsolute(xdgDataHome) ? xdgDataHome : join(homedir(), '.local', 'share')
  return join(base, 'keyfall')
}
