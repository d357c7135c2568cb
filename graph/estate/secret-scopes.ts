import { idOf } from '../ids.ts'
import { githubScopes } from './github-scopes.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'

/**
 * `toJSON(secrets)` and `secrets: inherit` hand a job every secret in scope; which of them it uses nobody can see. The
 * scope is a place that possibly copies each secret of the repository, of its environments, and of its organization as
 * far as the repository may take it, so revoking one of them may break the job, which is all that can be said.
 */
export function withSecretScopes(facts: KnownFacts): KnownFacts {
  const scopes = [...facts.entities.values()].filter((entity) => entity.kind === 'github.secret_scope')
  if (scopes.length === 0) return facts
  const secrets = secretsByRepository(facts)
  const { mayTake } = githubScopes(facts)
  const relationships = new Map(facts.relationships)
  for (const scope of scopes) {
    const repository = repositoryOf(scope)
    const shared = (secrets.get(`${repository.split('/')[0]}/secret`) ?? []).filter(
      (secret) => mayTake(repository.slice('github:'.length), secret) !== 'no',
    )
    for (const secret of [...(secrets.get(repository) ?? []), ...shared]) {
      const copy = possibleCopy(scope, secret)
      relationships.set(copy.id, copy)
    }
  }
  return { entities: facts.entities, relationships }
}

/** `github:owner/name/…`: what stands before the third slash. */
function repositoryOf(entity: KnownEntity): string {
  return entity.key.split('/').slice(0, 2).join('/')
}

function secretsByRepository(facts: KnownFacts): Map<string, KnownEntity[]> {
  const secrets = new Map<string, KnownEntity[]>()
  for (const entity of facts.entities.values()) {
    if (entity.kind !== 'github.actions_secret') continue
    const repository = repositoryOf(entity)
    const list = secrets.get(repository)
    if (list) list.push(entity)
    else secrets.set(repository, [entity])
  }
  return secrets
}

function possibleCopy(scope: KnownEntity, secret: KnownEntity): KnownRelationship {
  return {
    id: idOf(`SYNCED_FROM ${scope.key} > ${secret.key}`),
    kind: 'SYNCED_FROM',
    from: scope.id,
    to: secret.id,
    confidence: 'possible',
    pickup: [0, 0],
    evidence: [{ source: 'keyfall', kind: 'inferred', note: 'all secrets in scope are handed over at once' }],
  }
}
