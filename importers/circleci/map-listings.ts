import type { Evidence } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { RunContext, Sink } from '../importer.ts'
import type { Listings, Variable } from './listing.ts'
import { isLiteral, type Project } from './map.ts'

const source = 'circleci'
const declared = (file: string, record: string, note: string): Evidence => ({
  source,
  kind: 'declared',
  file,
  record,
  note,
})

/**
 * What listings say: names in contexts and projects, never values. A job that is handed a context and reads a name that
 * stands in it uses that variable; the others of the context it is handed too, which may be a use.
 */
export function mapListings(listings: Listings, projects: readonly Project[], context: RunContext): void {
  const named = new Map<string, Variable[]>()
  for (const [id, { owner, name, file }] of listings.contexts) {
    const variables = listings.inContext.get(id) ?? []
    const place = keys.circleciContext(owner, name)
    named.set(place, variables)
    const complete = listings.whole.has(id)
    const sink = context.scope({
      id: `circleci/${owner}/context/${name}`,
      title: `CircleCI context ${name} of ${owner}`,
      complete,
    })
    const evidence = [declared(file, '/', 'listed by CircleCI')]
    sink.entity({ id: place, kind: 'circleci.context', name, aliases: [`${owner} ${name}`], evidence })
    for (const variable of variables) {
      const to = variableIn(place, name, variable, sink)
      // Handed over as a whole: who takes which of it only the jobs say.
      sink.relationship({
        kind: 'SYNCED_FROM',
        from: place,
        to,
        confidence: 'possible',
        pickup: [0, 0],
        evidence: [declared(variable.file, variable.record, 'stands in the context')],
      })
    }
  }
  for (const [project, variables] of listings.inProject) {
    const place = keys.circleciProjectVariables(project)
    named.set(place, variables)
    const complete = listings.whole.has(project)
    const sink = context.scope({
      id: `circleci/${project}/variables`,
      title: `CircleCI variables of ${project}`,
      complete,
    })
    sink.entity({ id: place, kind: 'circleci.project_variables', name: `variables of ${project}` })
    for (const variable of variables) variableIn(place, project, variable, sink)
  }
  for (const project of projects) mapReads(project, named, context)
}

function variableIn(
  place: string,
  of: string,
  { name, createdAt, updatedAt, file, record }: Variable,
  sink: Sink,
): string {
  const id = keys.circleciVariable(place, name)
  const moments = { ...(createdAt && { createdAt }), ...(updatedAt && { lastRotatedAt: updatedAt }) }
  const evidence = [declared(file, record, `listed in ${of}`.slice(0, 400))]
  sink.entity({ id, kind: 'circleci.variable', name, aliases: [`${of} ${name}`], props: moments, evidence })
  sink.relationship({ kind: 'CONTAINED_IN', from: id, to: place, evidence })
  return id
}

/** A name that a job reads and that stands in its context or project: there it gets it from, the context's first. */
function mapReads(
  { repository, file, config }: Project,
  named: ReadonlyMap<string, readonly Variable[]>,
  context: RunContext,
): void {
  const owner = repository.split('/')[0]!
  const sink = context.scope({ id: `circleci/${repository}`, title: `CircleCI of ${repository}`, complete: false })
  for (const job of config.jobs) {
    const contexts = config.runs.filter((run) => run.job === job.name).flatMap((run) => run.contexts)
    const places = [...new Set(contexts.filter(isLiteral))].map((name) => keys.circleciContext(owner, name))
    for (const name of job.reads) {
      const holding = (all: readonly string[]) =>
        all.filter((place) => named.get(place)?.some((one) => one.name === name))
      const inContexts = holding(places)
      const found = inContexts.length > 0 ? inContexts : holding([keys.circleciProjectVariables(repository)])
      for (const place of found)
        sink.relationship({
          kind: 'USES_SECRET',
          from: keys.circleciJob(repository, job.name),
          to: keys.circleciVariable(place, name),
          delivery: 'ci_job_start',
          ...(found.length > 1 && { confidence: 'possible' as const }),
          evidence: [declared(file, job.where, `reads ${name.slice(0, 200)}`)],
        })
    }
  }
}
