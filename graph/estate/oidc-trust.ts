import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'

/** Who vouches for jobs of GitHub Actions, as a trust names it; an Enterprise Server vouches under a host of its own. */
const ISSUER = 'token.actions.githubusercontent.com'

/**
 * A job signs in with a token that says where it runs (`repo:acme/shop:environment:production`), and a role trusts
 * subjects of that form. Where both are known the use runs over the trust: cutting the trust cuts the job's way, and
 * whoever has the repository can have such a token. A trust whose subjects admit none that the job can have is told.
 */
export function withOidcTrust(facts: KnownFacts): KnownFacts {
  const subjects = [...facts.entities.values()].filter(isGithubSubject)
  if (subjects.length === 0) return facts
  const relationships = new Map(facts.relationships)
  const trusts = trustsInto(facts, subjects)
  for (const use of facts.relationships.values()) {
    const job = use.kind === 'RUNS_AS' ? facts.entities.get(use.from) : undefined
    const into = job?.kind === 'github.job' ? trusts.get(use.to) : undefined
    if (!job || into === undefined) continue
    const possible = subjectsOf(job, facts)
    const fitting = into.filter(({ pattern }) => possible.some((one) => admits(pattern, one)))
    relationships.set(use.id, fitting.length > 0 ? over(use, fitting) : unadmitted(use))
  }
  for (const subject of subjects) for (const home of homesOf(subject, facts)) relationships.set(home.id, home)
  return { entities: facts.entities, relationships }
}

interface Trust {
  readonly pattern: string
  /** Id of the relationship that is the trust. */
  readonly id: string
}

/** Of AWS by the provider of the trust; federated credentials of Entra and members of Google's pools by their issuer. */
const vouchers = new Map([
  ['aws.federated_principal', 'provider'],
  ['generic.identity', 'issuer'],
])

const isGithubSubject = ({ kind, props }: KnownEntity): boolean =>
  String(props?.[vouchers.get(kind) ?? ''] ?? '').includes(ISSUER) && typeof props?.['subject'] === 'string'

function trustsInto(facts: KnownFacts, subjects: readonly KnownEntity[]): Map<string, Trust[]> {
  const patterns = new Map(subjects.map((one) => [one.id, String(one.props!['subject'])]))
  const trusts = new Map<string, Trust[]>()
  for (const { kind, from, to, id } of facts.relationships.values()) {
    const pattern = kind === 'ASSUMES' ? patterns.get(from) : undefined
    if (pattern !== undefined) trusts.set(to, [...(trusts.get(to) ?? []), { pattern, id }])
  }
  return trusts
}

/** What the subject of a job's token is, or begins with. */
interface Subject {
  readonly text: string
  /** The branch or tag is what started the run: only the beginning is known. */
  readonly isOpen: boolean
}

function subjectsOf(job: KnownEntity, facts: KnownFacts): readonly Subject[] {
  const repository = repositoryOf(job.key)
  if (repository === undefined) return []
  const home = facts.entities.get(idOf(keys.githubRepository(repository)))
  const repo = `repo:${home?.name ?? repository}:`
  // A subject made of other claims says nothing about these patterns.
  if (home?.props?.['oidcDefaultSubject'] === false) return [{ text: '', isOpen: true }]
  const environment = job.props?.['environment']
  if (typeof environment === 'string')
    return [
      environment.includes('${{')
        ? open(`${repo}environment:`)
        : { text: `${repo}environment:${environment}`, isOpen: false },
    ]
  const triggers = job.props?.['triggers']
  const list = Array.isArray(triggers) ? triggers : []
  // A called workflow runs for whoever calls it.
  if (list.length === 0 || list.includes('workflow_call')) return [open('repo:')]
  const pull = list.some((one) => one.startsWith('pull_request'))
  const other = list.some((one) => !one.startsWith('pull_request') || one === 'pull_request_target')
  return [
    ...(pull ? [{ text: `${repo}pull_request`, isOpen: false }] : []),
    ...(other ? [open(`${repo}ref:refs/`)] : []),
  ]
}

const open = (text: string): Subject => ({ text, isOpen: true })

/** `github:acme/shop/workflow/deploy.yml#job`. */
function repositoryOf(key: string): string | undefined {
  const [owner, name] = key.slice('github:'.length).split('/')
  return owner && name ? `${owner}/${name}` : undefined
}

/**
 * Does a pattern of a trust (`*` any text, `?` one character) admit a subject, or some text that begins with it? IAM
 * compares with case; GitHub keeps that of the owner's and the repository's names, which not every source does.
 */
export function admits(pattern: string, { text, isOpen }: Subject): boolean {
  const wanted = pattern.toLowerCase().slice(0, 1024)
  let states = closure(wanted, [0])
  for (const character of text.toLowerCase().slice(0, 1024)) {
    const next: number[] = []
    for (const at of states) {
      if (wanted[at] === '*') next.push(at)
      else if (wanted[at] === '?' || wanted[at] === character) next.push(at + 1)
    }
    states = closure(wanted, next)
    if (states.length === 0) return false
  }
  return isOpen || states.includes(wanted.length)
}

/** A star may stand for nothing. */
function closure(pattern: string, states: readonly number[]): number[] {
  const all = new Set(states)
  for (const at of all) if (pattern[at] === '*') all.add(at + 1)
  return [...all]
}

function over(use: KnownRelationship, trusts: readonly Trust[]): KnownRelationship {
  const via = [...new Set([...(use.via ?? []), ...trusts.map(({ id }) => id)])].sort()
  return {
    ...use,
    via,
    props: {
      ...use.props,
      trustedAs: trusts
        .map(({ pattern }) => pattern)
        .sort()
        .slice(0, 20),
    },
  }
}

function unadmitted(use: KnownRelationship): KnownRelationship {
  const note = 'no subject that the trust of the role names is one that this job can have: it may fail already'
  return {
    ...use,
    confidence: 'possible',
    props: { ...use.props, trustAdmits: false },
    evidence: [...(use.evidence ?? []), { source: 'keyfall', kind: 'inferred', note }],
  }
}

/** The repositories whose jobs can have a subject: whoever has the repository has it. */
function* homesOf(subject: KnownEntity, facts: KnownFacts): Generator<KnownRelationship> {
  const pattern = String(subject.props!['subject'])
  const fixed = pattern.split(':')[1]?.toLowerCase()
  for (const repository of facts.entities.values()) {
    if (repository.kind !== 'github.repository') continue
    const name = repository.key.slice('github:'.length)
    // Most trusts name one repository: only a pattern has to be compared with each.
    if (fixed !== undefined && !fixed.includes('*') && !fixed.includes('?') && fixed !== name) continue
    if (!admits(pattern, open(`repo:${name}:`))) continue
    yield {
      id: idOf(`DEFINED_IN ${subject.key} > ${repository.key}`),
      kind: 'DEFINED_IN',
      from: subject.id,
      to: repository.id,
      evidence: [{ source: 'keyfall', kind: 'inferred', note: 'its jobs can have a token with this subject' }],
    }
  }
}
