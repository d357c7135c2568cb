import { parseYaml } from '../read/parse-yaml.ts'
import type { FileReport, Importer, InputFile, Probe } from '../importer.ts'
import { readCodeowners } from './codeowners.ts'
import { countWorkflow, noCounts } from './count-references.ts'
import { openLogins } from './map-logins.ts'
import { isRoleArn, mapRepository, type Repository } from './map.ts'
import { placeOfFile, type Place } from './place-of-file.ts'
import { readWorkflow, type Workflow } from './records.ts'
import { worldOf } from './resolve-secrets.ts'

export const githubWorkflows: Importer = {
  id: 'github-workflows',
  title: 'GitHub Actions workflows',
  reads: '.github/workflows/*.yml, action.yml, CODEOWNERS of a checkout, or archives of them',
  collect: 'git clone --depth 1 REPOSITORY',
  emits: [
    'github.organization',
    'github.repository',
    'github.workflow',
    'github.job',
    'github.actions_secret',
    'github.secret_scope',
    'github.environment',
    'github.actions_token',
    'aws.iam_role',
    'entra.service_principal',
    'gcp.service_account',
    'vault.role',
    'vault.kv2_secret',
    'vault.secret_path',
    'business.system',
    'business.team',
  ],
  blindTo: [
    'workflows on other branches',
    'which secrets exist, and whether an environment, the repository or the organization holds them',
    'Dependabot and Codespaces secrets',
    'what workflows and actions of repositories that were not imported do with what they get',
  ],
  nature: 'snapshot',
  detect,
  begin(context) {
    const repositories = new Map<string, Repository>()
    const repositoryAt = ({ repository }: Place): Repository => {
      const known = repositories.get(repository.toLowerCase())
      if (known) return known
      const fresh: Repository = { name: repository, workflows: new Map(), owners: [] }
      repositories.set(repository.toLowerCase(), fresh)
      return fresh
    }
    return {
      async file(input, report) {
        const place = placeOfFile(input, context.scopeName)
        if (place.guessed) report.note('The owner of the repository is not known: name it with --scope owner/name.')
        const kind = kindOf(input.name)
        const read = kind === 'owners' ? readOwners : kind === 'action' ? readAction : readOneWorkflow
        await read(input, report, place, repositoryAt)
      },
      end() {
        const world = worldOf(repositories)
        for (const repository of repositories.values()) {
          const { name } = repository
          // One branch was seen, and no list of the secrets there are.
          const declaration = { id: `github/${name}`, title: `GitHub repository ${name}`, complete: false }
          mapRepository(repository, world, context.scope(declaration))
        }
      },
    }
  },
}

type FileKind = 'owners' | 'action' | 'workflow'
type Reader = (
  input: InputFile,
  report: FileReport,
  place: Place,
  repositoryAt: (place: Place) => Repository,
) => Promise<void>

function kindOf(name: string): FileKind {
  const base = name.slice(name.lastIndexOf('/') + 1)
  if (base === 'CODEOWNERS') return 'owners'
  return base === 'action.yml' || base === 'action.yaml' ? 'action' : 'workflow'
}

function detect({ name, head }: Probe): number {
  const kind = kindOf(name)
  if (kind === 'owners') return 0.9
  const lines = new Set(head.split('\n').map((line) => line.slice(0, line.indexOf(':') + 1).replaceAll(/["']/g, '')))
  if (kind === 'action' && lines.has('runs:')) return 0.9
  const inFolder = name.includes('.github/workflows/') && (name.endsWith('.yml') || name.endsWith('.yaml'))
  if (lines.has('apiVersion:')) return 0
  if (lines.has('on:') && lines.has('jobs:')) return inFolder ? 1 : 0.9
  return inFolder ? 0.6 : 0
}

const readOneWorkflow: Reader = async (input, report, place, repositoryAt) => {
  const folder = '.github/workflows/'
  if (place.path.startsWith(folder) && place.path.slice(folder.length).includes('/')) {
    report.note('Not directly in .github/workflows: GitHub does not run it.')
    return report.skipped('not-relevant', '/')
  }
  const parsed = parseYaml(await input.text())
  if ('reason' in parsed) return report.skipped(parsed.reason, parsed.where)
  const workflow = readWorkflow(parsed.value)
  if (!workflow) return report.skipped(parsed.value === null ? 'empty' : 'unreadable-record', '/')
  report.read?.(workflow.jobs.length + workflow.unreadable.length)
  report.mapped(workflow.jobs.length)
  for (const where of workflow.unreadable) report.skipped('unreadable-record', where)
  noteCounts(workflow, report)
  repositoryAt(place).workflows.set(place.path, { workflow, file: input.name })
}

function noteCounts(workflow: Workflow, report: FileReport): void {
  const counts = noCounts()
  countWorkflow(counts, workflow)
  report.note(
    `${counts.references} references to ${counts.secrets.size} secrets, ${counts.oidcJobs} jobs with id-token: write, ` +
      `${counts.roleSteps} AWS role steps, ${counts.inherits} jobs with secrets: inherit`,
  )
  const roles = workflow.jobs.flatMap((job) => job.roles)
  const unknown = roles.filter(({ role }) => !isRoleArn(role)).length
  const open = openLogins(workflow.jobs)
  if (open > 0)
    report.note(
      `${open} steps sign in at Azure, Google, Vault or elsewhere as whom no file says: an expression or a script does.`,
    )
  if (unknown > 0) report.note(`${unknown} AWS role steps name their role by an expression: which role is not known.`)
}

/** An action sees no secrets but what a step passes to it, and that stands in the workflow. */
const readAction: Reader = async (input, report) => {
  const parsed = parseYaml(await input.text())
  if ('reason' in parsed) report.skipped(parsed.reason, parsed.where)
  else report.skipped('not-relevant', '/')
}

const readOwners: Reader = async (input, report, place, repositoryAt) => {
  const rules = readCodeowners(await input.text())
  for (const { teams, line } of rules) {
    report.read?.()
    if (teams.length === 0) report.skipped('not-relevant', `line ${line}`)
    else report.mapped()
  }
  if (!rules.some(({ teams }) => teams.length > 0)) return
  // A rule that names only people, or nobody, still overrides those before it.
  for (const rule of rules) repositoryAt(place).owners.push({ rule, file: input.name })
}
