import { idOf } from '../ids.ts'
import { keys } from '../keys.ts'
import type { KnownEntity } from '../known.ts'
import type { Links } from './links.ts'
import { everything } from './everything.ts'
import { listOf } from './list-of.ts'
import type { Control, Policy } from './request.ts'

/** What organizations hold accounts to. */
export interface Controls {
  /** Service control policies over what principals of an account do. */
  over(account: string): Control
  /** Resource control policies over what is done with its resources. */
  overResourcesOf(account: string): Control | undefined
  /** Id of its organization. */
  organizationOf(account: string): string | undefined
}

const notSeen: Control = { levels: [], seen: 'none' }

const holding: ReadonlySet<string> = new Set(['aws.account', 'aws.organizational_unit', 'aws.organization'])

/** Deeper than any organization is (five levels of units below the root). */
const DEEPEST = 10

/** Policies of accounts, units and roots, as `organizationPolicies` of each lists them and `CONTAINED_IN` nests them. */
export function controlsOf(
  entities: readonly KnownEntity[],
  { containerOf }: Links,
  policyAt: (key: string) => Policy | undefined,
): Controls {
  const holders = new Map<string, KnownEntity>()
  const typeOf = new Map<string, unknown>()
  for (const entity of entities)
    if (holding.has(entity.kind)) holders.set(entity.id, entity)
    else if (entity.kind === 'aws.organization_policy') typeOf.set(entity.key, entity.props?.['policyType'])

  const chainOf = (account: string): readonly KnownEntity[] => {
    const chain: KnownEntity[] = []
    let at = holders.get(idOf(keys.awsAccount(account)))
    for (; at !== undefined && chain.length < DEEPEST; at = holders.get(containerOf.get(at.id) ?? '')) chain.push(at)
    return chain
  }
  const levelsOf = (chain: readonly KnownEntity[], type: string) =>
    chain
      .filter(({ kind }) => kind !== 'aws.organization')
      .map((holder) => {
        const named = listOf(holder.props?.['organizationPolicies']).filter((key) => typeOf.get(key) === type)
        return { named, policies: named.map(policyAt).filter((one) => one !== undefined) }
      })
  const organizationIn = (chain: readonly KnownEntity[]) => chain.find(({ kind }) => kind === 'aws.organization')
  const cached = <T>(work: (account: string) => T) => {
    const known = new Map<string, T>()
    return (account: string): T => {
      if (!known.has(account)) known.set(account, work(account))
      return known.get(account)!
    }
  }
  return {
    over: cached((account) => {
      const chain = chainOf(account)
      const organization = organizationIn(chain)
      if (organization?.props?.['managementAccount'] === account) return { levels: [], seen: 'exempt' }
      const levels = levelsOf(chain, 'SERVICE_CONTROL_POLICY')
      // Each level has at least one policy where they are in use at all.
      const isWhole =
        organization !== undefined &&
        levels.every(({ named, policies }) => named.length > 0 && named.length === policies.length)
      const seen = levels.map(({ policies }) => policies).filter((level) => level.length > 0)
      if (isWhole) return { levels: seen, seen: 'whole' }
      // Of a level that is known in part, another policy of it may allow: only its denials count.
      const known = levels.map(({ named, policies }) =>
        named.length > 0 && named.length === policies.length ? policies : policies.map(denials),
      )
      return seen.length === 0 ? notSeen : { levels: known.filter((level) => level.length > 0), seen: 'partly' }
    }),
    overResourcesOf: cached((account) => {
      const levels = levelsOf(chainOf(account), 'RESOURCE_CONTROL_POLICY').map(({ policies }) => policies)
      return levels.some((level) => level.length > 0) ? { levels, seen: 'partly' } : undefined
    }),
    organizationOf: cached((account) => {
      const organization = organizationIn(chainOf(account))
      return organization?.name
    }),
  }
}

/** What such a policy denies, beside an allowance of everything. */
function denials(policy: Policy): Policy {
  return { ...policy, statements: [...policy.statements.filter(({ allows }) => !allows), everything()] }
}
