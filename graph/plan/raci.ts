import type { Scene } from '../findings/finding.ts'
import { headsOf, textAround } from '../findings/scene.ts'
import { ownerOf, textProp } from '../answer/things.ts'
import type { Estate } from '../estate/estate.ts'
import type { Duty, Named, RaciRow } from '../wire-plan.ts'

export const dutyWords = {
  approver: 'approver (signs it off)',
  revoker: 'revoker (takes it back)',
  'business-owner': 'owner of the business system',
  'vendor-contact': 'contact at the vendor',
  'on-call': 'on-call during the window',
} as const satisfies Record<Duty, string>

/**
 * Who answers for a credential: only whom a source names. A likely one (the lead of the team, the team itself) is
 * proposed beside it and counts for nothing until somebody states it.
 */
export function namedFor(scene: Scene): Named[] {
  const { estate, systems, owner } = scene
  const teams = teamsOf(scene)
  const approver = textAround(scene, 'approver') ?? textOn(estate, [...teams, ...systems], 'approver')
  const revoker = textAround(scene, 'revoker') ?? textOn(estate, [...teams, ...systems], 'revoker')
  const onCall = textAround(scene, 'onCall') ?? textOn(estate, [...teams, ...systems], 'onCall')
  const lead = textOn(estate, teams, 'lead', 'contact')
  return [
    of('approver', approver, 'approver', lead ?? owner),
    of('revoker', revoker, 'revoker', owner),
    businessOwner(scene),
    vendorContact(scene),
    of('on-call', onCall, 'onCall', owner === null ? null : `whoever is on call for ${owner}`),
  ]
}

function of(duty: Duty, name: string | undefined, prop: string, proposed: string | null): Named {
  return name !== undefined
    ? { duty, name, why: `${prop} as a source states it`, needed: true }
    : {
        ...{ duty, name: null, needed: true },
        why: `no source states \`${prop}\` on it, its identity, its places, its team or its system`,
        ...(proposed !== null && { proposed }),
      }
}

function businessOwner({ estate, systems, owner }: Scene): Named {
  const duty = 'business-owner'
  const names = systems.map((index) => ({
    system: estate.entities[index]!.name,
    who: textProp(estate.entities[index]!, 'businessOwner') ?? textProp(estate.entities[index]!, 'owner'),
    team: ownerOf(estate, index),
  }))
  if (names.length === 0)
    return {
      ...{ duty, name: null, needed: true },
      why: 'no business system is known behind its consumers',
      ...(owner !== null && { proposed: owner }),
    }
  const open = names.filter(({ who }) => who === undefined)
  if (open.length === 0)
    return {
      ...{ duty, needed: true },
      name: [...new Set(names.map(({ who }) => who!))].sort().join(', '),
      why: `owner of ${names.map(({ system }) => system).join(', ')}, as the catalogue states it`,
    }
  const proposed = open.find(({ team }) => team !== null)?.team
  return {
    ...{ duty, name: null, needed: true },
    why: `no owner is stated of ${open.map(({ system }) => system).join(', ')}`,
    ...(proposed && { proposed }),
  }
}

function vendorContact(scene: Scene): Named {
  const { estate, credential, users } = scene
  const duty = 'vendor-contact'
  const vendors = [...new Set([credential, ...users].flatMap((index) => headsOf(estate, index, 'SUPPLIED_BY')))]
  const said = textAround(scene, 'vendorContact')
  if (vendors.length === 0)
    return said === undefined
      ? { duty, name: null, why: 'no vendor has part in it, as far as is known', needed: false }
      : { duty, name: said, why: 'vendorContact as a source states it', needed: true }
  const contact = (index: number): string | undefined =>
    textProp(estate.entities[index]!, 'contact') ?? textProp(estate.entities[index]!, 'vendorContact') ?? said
  const open = vendors.filter((index) => contact(index) === undefined)
  if (open.length > 0)
    return {
      ...{ duty, name: null, needed: true },
      why: `no contact is known of ${open.map((index) => estate.entities[index]!.name).join(', ')}`,
    }
  return {
    ...{ duty, needed: true },
    name: [...new Set(vendors.map((index) => contact(index)!))].sort().join(', '),
    why: `contact of ${vendors.map((index) => estate.entities[index]!.name).join(', ')}`,
  }
}

/** Teams and people that own the credential, what it proves and where it stands; nearest first. */
function teamsOf({ estate, credential, identities, places }: Scene): number[] {
  const near = [credential, ...identities, ...places.filter(({ put }) => put).map(({ index }) => index)]
  return [...new Set(near.flatMap((index) => headsOf(estate, index, 'OWNED_BY')))]
}

function textOn(estate: Estate, indices: readonly number[], ...names: readonly string[]): string | undefined {
  for (const index of indices)
    for (const name of names) {
      const value = textProp(estate.entities[index]!, name)
      if (value !== undefined) return value
    }
  return undefined
}

interface PlaneRow {
  readonly plane: RaciRow['plane']
  readonly title: string
  readonly responsible: Duty
  readonly accountable: Duty
  readonly consulted: Duty
  readonly informed: Duty
}

/** Who does what, by control plane. Offboarding concerns only what a vendor has part in. */
export const raciTable: readonly PlaneRow[] = [
  {
    ...{ plane: 'issuance', title: 'Issuance and revocation' },
    ...{ responsible: 'revoker', accountable: 'approver', consulted: 'business-owner', informed: 'on-call' },
  },
  {
    ...{ plane: 'elevation', title: 'Elevation' },
    ...{ responsible: 'approver', accountable: 'business-owner', consulted: 'revoker', informed: 'on-call' },
  },
  {
    ...{ plane: 'inventory', title: 'Inventory' },
    ...{ responsible: 'revoker', accountable: 'business-owner', consulted: 'approver', informed: 'on-call' },
  },
  {
    ...{ plane: 'offboarding', title: 'Supplier offboarding' },
    ...{ responsible: 'vendor-contact', accountable: 'business-owner', consulted: 'revoker', informed: 'approver' },
  },
  {
    ...{ plane: 'rollback', title: 'Detection and rollback' },
    ...{ responsible: 'on-call', accountable: 'approver', consulted: 'revoker', informed: 'business-owner' },
  },
]

export function raciOf(named: readonly Named[]): RaciRow[] {
  const who = new Map(named.map((one) => [one.duty, one]))
  const rows = raciTable.filter(({ plane }) => plane !== 'offboarding' || who.get('vendor-contact')!.needed)
  return rows.map(({ plane, title, ...duties }) => {
    const name = (duty: Duty): string | null => who.get(duty)!.name
    const asked = [duties.responsible, duties.accountable, duties.consulted, duties.informed]
    return {
      ...{ plane, title },
      responsible: name(duties.responsible),
      accountable: name(duties.accountable),
      consulted: name(duties.consulted),
      informed: name(duties.informed),
      missing: asked.filter((duty) => who.get(duty)!.needed && name(duty) === null),
    }
  })
}

/** Duties without a name. */
export function missingOf(named: readonly Named[]): Named[] {
  return named.filter(({ needed, name }) => needed && name === null)
}
