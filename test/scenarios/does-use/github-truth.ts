import { parse } from 'yaml'
import type { Plain } from './files.ts'

/** What one job takes, read again from the text of the workflow: `owner/name workflow.yml job > owner/name/SECRET`. */
interface Read {
  readonly repository: string
  readonly file: string
  readonly triggers: ReadonlySet<string>
  readonly jobs: readonly JobRead[]
}
interface JobRead {
  readonly id: string
  readonly calls: string | undefined
  readonly inherits: boolean
  /** By name in the called workflow, the names given to it. */
  readonly passes: ReadonlyMap<string, readonly string[]>
  readonly names: ReadonlySet<string>
  /** `toJSON(secrets)`, `secrets[…]` decided at run time. */
  readonly all: boolean
}

/** Everything in the secrets of its repository. */
export const EVERYTHING = '*'
const TOKEN = 'GITHUB_TOKEN'

/** Uses of secrets by jobs, as `repository file job > repository/NAME`; `repositoryOf` gives a path its repository. */
export function githubUses(files: readonly Plain[], repositoryOf: (name: string) => string): Set<string> {
  const workflows = files.flatMap((file) => readWorkflow(file, repositoryOf) ?? [])
  const byPlace = new Map(workflows.map((one) => [`${one.repository}/${one.file}`, one]))
  const found = new Set<string>()
  for (const workflow of workflows) {
    for (const job of workflow.jobs) {
      const me = `${workflow.repository} ${workflow.file} ${job.id} > `
      const put = (repository: string, name: string) => void found.add(`${me}${repository}/${name}`)
      for (const name of job.names)
        for (const [repository, given] of givenTo(workflow, name, workflows, new Set())) put(repository, given)
      if (job.all) put(workflow.repository, EVERYTHING)
      if (job.inherits) inherited(job, workflow, byPlace, put, new Set())
    }
  }
  return found
}

function inherited(
  job: JobRead,
  workflow: Read,
  byPlace: ReadonlyMap<string, Read>,
  put: (repository: string, name: string) => void,
  seen: Set<string>,
): void {
  const called = byPlace.get(calledPlace(job.calls, workflow.repository))
  if (!called) return put(workflow.repository, EVERYTHING)
  if (seen.has(called.file)) return
  seen.add(called.file)
  for (const inner of called.jobs) {
    for (const name of inner.names) put(workflow.repository, name)
    if (inner.inherits) inherited(inner, called, byPlace, put, seen)
  }
}

/** A called workflow knows a secret by the name its caller gave it. */
function givenTo(workflow: Read, name: string, all: readonly Read[], seen: Set<string>): [string, string][] {
  const own: [string, string] = [workflow.repository, name]
  if (name === TOKEN || !workflow.triggers.has('workflow_call')) return [own]
  const me = `${workflow.repository}/${workflow.file}`
  if (seen.has(`${me} ${name}`)) return []
  seen.add(`${me} ${name}`)
  const passed = all.flatMap((caller) =>
    caller.jobs
      .filter((job) => job.calls !== undefined && calledPlace(job.calls, caller.repository) === me)
      .flatMap((job) => (job.inherits ? [name] : (job.passes.get(name) ?? [])))
      .flatMap((given) => givenTo(caller, given, all, seen)),
  )
  const startsItself = workflow.triggers.size > 1
  return startsItself || passed.length === 0 ? [own, ...passed] : passed
}

function calledPlace(calls: string | undefined, repository: string): string {
  const path = (calls ?? '').split('@')[0]!
  const folder = '.github/workflows/'
  const at = path.indexOf(folder)
  if (at < 0) return '?'
  const home = path.slice(0, at)
  return `${home === './' ? repository : home.slice(0, -1).toLowerCase()}/${path.slice(at + folder.length)}`
}

type Tree = Record<string, unknown>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

function readWorkflow({ name, bytes }: Plain, repositoryOf: (name: string) => string): Read | undefined {
  const folder = '.github/workflows/'
  const at = name.indexOf(folder)
  const file = name.slice(at + folder.length)
  if (at < 0 || file.includes('/') || !(file.endsWith('.yml') || file.endsWith('.yaml'))) return undefined
  let root: unknown
  try {
    root = parse(bytes.toString(), { merge: true, logLevel: 'silent', maxAliasCount: -1 })
  } catch {
    return undefined
  }
  if (!isTree(root) || !isTree(root['jobs'])) return undefined
  const on = root['on'] ?? root['true']
  const triggers = new Set(typeof on === 'string' ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(on ?? {}))
  const wide = textsIn({ env: root['env'], defaults: root['defaults'], concurrency: root['concurrency'] })
  const jobs = Object.entries(root['jobs']).flatMap(([id, job]) => (isTree(job) ? [readJob(id, job, wide)] : []))
  return { repository: repositoryOf(name), file, triggers, jobs }
}

function readJob(id: string, job: Tree, wide: readonly Text[]): JobRead {
  const names = new Set<string>()
  let all = false
  for (const text of [...wide, ...textsIn(job)])
    for (const name of namesIn(text)) if (name === EVERYTHING) all = true; else names.add(name) // prettier-ignore
  const secrets = job['secrets']
  const passes = new Map<string, string[]>()
  if (isTree(secrets))
    for (const [to, value] of Object.entries(secrets))
      passes.set(to.toUpperCase(), namesIn({ text: String(value), bare: false }))
  const calls = typeof job['uses'] === 'string' ? job['uses'] : undefined
  return { id, calls, inherits: secrets === 'inherit', passes, names, all }
}

interface Text {
  readonly text: string
  /** A condition: an expression without braces. */
  readonly bare: boolean
}

function textsIn(value: unknown, field = ''): Text[] {
  if (typeof value === 'string') return [{ text: value, bare: field === 'if' && !value.includes('${{') }]
  if (Array.isArray(value)) return value.flatMap((one) => textsIn(one))
  return isTree(value) ? Object.entries(value).flatMap(([name, one]) => textsIn(one, name)) : []
}

const wordCharacters = new Set('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-')

/** Names after `secrets.` in expressions, and what `github.token` is. Texts in quotes are no names. */
function namesIn({ text, bare }: Text): string[] {
  const found: string[] = []
  let inside = bare
  let words: string[] = []
  const close = () => {
    take(words, found)
    words = []
  }
  for (let at = 0; at < text.length;) {
    if (!inside) {
      const next = text.indexOf('${{', at)
      if (next < 0) break
      inside = true
      at = next + 3
    } else if (!bare && text.startsWith('}}', at)) {
      close()
      inside = false
      at += 2
    } else if (text[at] === "'") {
      let end = text.indexOf("'", at + 1)
      if (end < 0) end = text.length
      words.push(text.slice(at, end + 1))
      at = end + 1
    } else if (wordCharacters.has(text[at]!)) {
      let end = at
      while (end < text.length && wordCharacters.has(text[end]!)) end++
      words.push(text.slice(at, end))
      at = end
    } else {
      if (text[at]!.trim() !== '') words.push(text[at]!)
      at++
    }
  }
  close()
  return found
}

function take(words: readonly string[], found: string[]): void {
  words.forEach((word, at) => {
    const [before, first, second] = [words[at - 1], words[at + 1], words[at + 2]]
    if (before === '.') return
    if (word.toLowerCase() === 'github' && first === '.' && second?.toLowerCase() === 'token') found.push(TOKEN)
    if (word.toLowerCase() !== 'secrets') return
    if (first === '.') found.push(second!.toUpperCase())
    else if (first === '[' && second?.startsWith("'")) found.push(second.slice(1, -1).toUpperCase())
    else found.push(EVERYTHING)
  })
}
