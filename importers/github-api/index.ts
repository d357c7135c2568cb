import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { jsonObjects } from '../read/json-objects.ts'
import { limits } from '../read/limits.ts'
import { families, type Families, type Family } from './families.ts'
import { requestsIn, type Reply } from './replies.ts'
import type { RunState } from './reader.ts'
import { detect } from './detect.ts'
import { readReply } from './read-reply.ts'

const MAX_OBJECT_BYTES = 64 * 1024 * 1024

/** Replies of GitHub's REST API: what secrets, tokens, keys and environments there are, and who may take them. */
export const githubApi: Importer = {
  id: 'github-api',
  title: 'GitHub API listings',
  reads: 'replies of the GitHub API: secrets of every scope, deploy keys, tokens, Apps, environments, runners, alerts',
  collect: 'gh api --paginate /orgs/ORG/actions/secrets --jq \'{url: "/orgs/ORG/actions/secrets", body: .}\'',
  emits: [
    'github.organization',
    'github.repository',
    'github.environment',
    'github.workflow',
    'github.actions_secret',
    'github.dependabot_secret',
    'github.codespaces_secret',
    'github.webhook_secret',
    'github.pat',
    'github.app',
    'github.app_private_key',
    'github.user',
    'github.runner',
    'github.runner_group',
    'ssh.authorized_key',
    'generic.credential',
    'business.team',
  ],
  blindTo: [
    'what a secret holds',
    'which workflow uses a secret',
    'classic personal access tokens, and tokens of OAuth Apps',
    'private keys of Apps: how many there are, and where',
  ],
  nature: 'snapshot',
  detect,
  begin: (context) => begin(context),
}

function begin(context: RunContext) {
  const all: Families = families()
  const counts = new Map<Family, Map<string, number>>()
  const run: RunState = {
    fingerprint: (value) => context.fingerprint(value, 'secret'),
    tokenOfGrant: new Map(),
    atEnd: [],
    counts(family) {
      const known = counts.get(family) ?? new Map<string, number>()
      counts.set(family, known)
      return known
    },
  }
  return {
    async file(input: InputFile, report: FileReport) {
      const undecided = new Set<string>()
      for await (const pieces of jsonObjects(input.stream(), { lists: [], maxBytes: MAX_OBJECT_BYTES })) {
        for (const piece of pieces) {
          const where = `byte ${piece.at}`
          if ('broken' in piece) {
            report.read?.()
            report.skipped(piece.broken, where)
            continue
          }
          const parsed = parse(piece.text)
          if (typeof parsed === 'string') {
            report.read?.()
            report.skipped(parsed, where)
            continue
          }
          for (const reply of requestsIn(parsed.value, input.name, where, context.scopeName))
            take(reply, input.name, report, undecided)
        }
      }
      for (const note of undecided) report.note(note)
    },
    end() {
      for (const then of run.atEnd) then()
      for (const [family, people] of counts) sayPeople(family, people)
      all.close(context)
    },
  }

  function take(reply: Reply, file: string, report: FileReport, undecided: Set<string>) {
    const { outcomes, note } = readReply(reply, file, all, run)
    for (const { outcome, where } of outcomes) {
      report.read?.()
      if (outcome === 'mapped') report.mapped()
      else if (outcome === 'merged') report.merged()
      else report.skipped(outcome, where)
    }
    if (note !== undefined) undecided.add(note)
  }
}

function sayPeople(family: Family, people: ReadonlyMap<string, number>): void {
  const { repository } = family.place
  if (repository === undefined) return
  const collaborators = [...people].map(([permission, count]) => `${permission}: ${count}`).sort()
  family.entity({ id: `github:${repository.toLowerCase()}`, kind: 'github.repository', props: { collaborators } })
}

function parse(text: string): { value: unknown } | 'too-deep' | 'unreadable-record' {
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return 'too-deep'
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return 'unreadable-record'
  }
}
