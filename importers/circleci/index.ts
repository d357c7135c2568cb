import type { Importer, InputFile, Probe, RunContext } from '../importer.ts'
import { parseYaml } from '../read/parse-yaml.ts'
import { circleciListings, detectListing, isListing, readListing } from './listing.ts'
import { isLiteral, mapProject, type Project } from './map.ts'
import { mapListings } from './map-listings.ts'
import { readConfig } from './records.ts'

/** `.circleci/config.yml`: which jobs get which contexts. */
export const circleci: Importer = {
  id: 'circleci',
  title: 'CircleCI',
  reads: '.circleci/config.yml of a checkout: jobs, workflows, contexts, schedules; listings of contexts and variables',
  emits: [
    'github.organization',
    'github.repository',
    'circleci.workflow',
    'circleci.job',
    'circleci.context',
    'circleci.project_variables',
    'circleci.variable',
    'aws.iam_access_key',
    'aws.iam_role',
    'business.system',
  ],
  blindTo: [
    'what stands in a context or a project, and copies of a credential among it (a listing shows names)',
    'what a job reads of a context it gets',
    'what orbs and scripts do with it',
    'configuration on other branches, or made while a pipeline runs (setup workflows)',
  ],
  nature: 'snapshot',
  detect,
  begin(context: RunContext) {
    const projects: Project[] = []
    const listings = circleciListings()
    return {
      async file(input, report) {
        if (isListing(input.name)) return readListing(input, report, listings, context.scopeName)
        const { repository, known } = repositoryOf(input, context.scopeName)
        if (!known) report.note('The owner of the repository is not known: name it with --scope owner/name.')
        const refuse = (reason: Parameters<typeof report.skipped>[0], where: string) => {
          report.read?.()
          report.skipped(reason, where)
        }
        const parsed = parseYaml(await input.text())
        if ('reason' in parsed) return refuse(parsed.reason, parsed.where)
        const config = readConfig(parsed.value)
        if (!config) return refuse(parsed.value === null ? 'empty' : 'unreadable-record', '/')
        const { jobs, runs, approvals, unreadable, orbs } = config
        report.read?.(jobs.length + runs.length + approvals.length + unreadable.length)
        report.mapped(jobs.length + runs.length)
        for (const where of approvals) report.skipped('not-relevant', where)
        for (const where of unreadable) report.skipped('unreadable-record', where)
        const contexts = new Set(runs.flatMap((run) => run.contexts))
        report.note(
          `${jobs.length} jobs, ${contexts.size} contexts; a context names no value: what is in it is undeclared.`,
        )
        const open = [...contexts].filter((one) => !isLiteral(one)).length
        if (open > 0) report.note(`${open} contexts are named by an expression: which they are is not known.`)
        if (config.isSetup)
          report.note('A setup workflow: what runs after it is made while the pipeline runs, and is not in this file.')
        if (orbs.length > 0) report.note(`What these orbs do with contexts is not known: ${orbs.join(', ')}`)
        // One branch was seen, and no list of the contexts there are.
        const declaration = { id: `circleci/${repository}`, title: `CircleCI of ${repository}`, complete: false }
        const project = { repository, file: input.name, config }
        projects.push(project)
        mapProject(project, context.scope(declaration))
      },
      end: () => mapListings(listings, projects, context),
    }
  },
}

function detect(probe: Probe): number {
  const { name, head } = probe
  if (isListing(name)) return detectListing(probe)
  const isYaml = name.endsWith('.yml') || name.endsWith('.yaml')
  const inFolder = isYaml && name.includes('.circleci/')
  const lines = new Set(head.split('\n').map((line) => line.slice(0, line.indexOf(':') + 1)))
  if (!lines.has('version:') || lines.has('on:') || lines.has('apiVersion:')) return 0
  // What runs is made by an orb; the jobs of the workflows are all there are.
  if (lines.has('workflows:') && (lines.has('orbs:') || lines.has('setup:'))) return inFolder ? 1 : 0.8
  if (lines.has('jobs:') && (lines.has('workflows:') || lines.has('orbs:'))) return inFolder ? 1 : 0.8
  return inFolder && (lines.has('jobs:') || lines.has('workflows:')) ? 1 : 0
}

/** From the checkout, else from the folder that holds `.circleci` (`owner__name`), else from `--scope`. */
function repositoryOf({ name, repository }: InputFile, scopeName: string | undefined) {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  const root = parts.lastIndexOf('.circleci')
  const folder = (root > 0 ? parts[root - 1]! : '').split('.')[0]!.replace('!', '')
  // A checkout names its owner; a folder's name alone does not, and what was said with --scope does.
  const said = scopeName?.includes('/') === true && repository?.includes('/') !== true ? scopeName : undefined
  const named = folder.includes('__') ? folder.replace('__', '/') : (said ?? repository ?? scopeName ?? folder)
  const known = named.includes('/')
  return { repository: known ? named : `_/${named === '' ? 'unknown' : named}`, known }
}
