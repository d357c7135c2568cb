import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import { suppositionOf, type Supposition } from './supposition.ts'

/** Services whose things lie in a region and use or keep credentials. IAM and its like are of none. */
const regional = new Set([
  'codebuild',
  'ec2',
  'ecs',
  'eks',
  'kms',
  'lambda',
  'rds',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
])
const listings = new Set(['aws-resources', 'aws-config'])

interface Regions {
  /** Some thing of the region was listed. */
  readonly listed: Set<string>
  /** A log shows something there in use. */
  readonly used: Set<string>
}

const known = new WeakMap<Estate, ReadonlyMap<string, Regions>>()

/**
 * Regions of an account in which a log shows things in use while a listing of the account shows nothing there: whoever
 * uses a credential from there stands in no listing. Of an account without any listing none is said: its things were never
 * asked for.
 */
export function unlistedRegions(estate: Estate, account: string): readonly string[] {
  const regions = regionsOf(estate).get(account)
  if (regions === undefined || regions.listed.size === 0) return []
  return [...regions.used].filter((region) => !regions.listed.has(region)).sort()
}

function regionsOf(estate: Estate): ReadonlyMap<string, Regions> {
  const found = known.get(estate)
  if (found) return found
  const supposition = suppositionOf(estate)
  // Only what is gone may take a sign of use with it: what changed keeps its evidence, what is new has none.
  if (supposition && !takesSignsOfUse(supposition)) return regionsOf(supposition.of)
  const accounts = new Map<string, Regions>()
  estate.entities.forEach(({ key, evidence }, index) => {
    const [scheme, , service = '', region = '', account = ''] = key.startsWith('arn:') ? key.split(':', 5) : []
    if (scheme === undefined || region === '' || account === '' || !regional.has(service)) return
    const regions = accounts.get(account) ?? { listed: new Set(), used: new Set() }
    accounts.set(account, regions)
    if (evidence?.some(({ source }) => listings.has(source))) regions.listed.add(region)
    else if (!regions.used.has(region) && isUsed(estate, index)) regions.used.add(region)
  })
  known.set(estate, accounts)
  return accounts
}

type Sign = NonNullable<EstateRelationship['evidence']>[number]

const isSeenInLog = ({ kind, source }: Sign): boolean => kind === 'observed' && source === 'cloudtrail'

function takesSignsOfUse({ of, gone, added }: Supposition): boolean {
  const isSign = ({ evidence }: EstateRelationship): boolean => evidence?.some(isSeenInLog) ?? false
  return [...gone].some((number) => isSign(of.relationships[number]!)) || added.some(isSign)
}

function isUsed(estate: Estate, index: number): boolean {
  for (const side of [estate.in, estate.out])
    for (const number of along(side, index)) {
      const relationship = estate.relationships[number]!
      const seen = relationship.evidence?.some(isSeenInLog)
      const [from, to] = [estate.tails[number]!, estate.heads[number]!]
      if (seen === true && from !== to) return true
    }
  return false
}
