import type { Estate } from '../estate/estate.ts'
import { giveWay } from '../give-way.ts'
import type { Finding, Found, Scene } from '../findings/finding.ts'
import { findings } from '../findings/registry.ts'
import { ageOf, sceneOf, textAround } from '../findings/scene.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { fallRanking } from './fall-ranking.ts'
import { changeRow } from './operations.ts'

/** One credential as the inventory holds it. Names are ready to be shown; `weight` orders by what falls with it. */
export interface InventoryLine {
  readonly credential: number
  readonly owner: string | null
  readonly purpose: string | null
  readonly rotation: string | null
  readonly expiresAt: string | null
  readonly ageDays: number | null
  readonly usedDays: number | null
  readonly systems: readonly number[]
  readonly places: number
  readonly users: number
  readonly weight: number
  readonly found: readonly { readonly finding: Finding; readonly what: Found }[]
}

const cache = new WeakMap<Estate, Map<string, readonly InventoryLine[]>>()

/** Every credential that somebody keeps (a token that a job is given anew is not), heaviest first. Once per snapshot and day. */
export function inventoryOf(estate: Estate, now: string): readonly InventoryLine[] {
  const day = now.slice(0, 10)
  const days = cache.get(estate) ?? new Map<string, readonly InventoryLine[]>()
  cache.set(estate, days)
  const known = days.get(day)
  if (known) return known
  const lines = fallRanking(estate).falls.map(({ credential, weight }) => {
    giveWay()
    return lineOf(estate, credential, weight, now)
  })
  keepDay(days, day, lines)
  return lines
}

/** Of today and, made ahead, of tomorrow. */
const DAYS_KEPT = 2

/** Keeps what was made of a day; what was made longest ago goes. */
export function keepDay<T>(days: Map<string, T>, day: string, made: T): void {
  days.set(day, made)
  if (days.size > DAYS_KEPT) days.delete(days.keys().next().value!)
}

function lineOf(estate: Estate, credential: number, weight: number, now: string): InventoryLine {
  const scene = sceneOf(estate, credential, now)
  return {
    ...{ credential, weight, owner: scene.owner, systems: scene.systems },
    purpose: textAround(scene, 'purpose', 'description') ?? null,
    rotation: rotationOf(scene) ?? null,
    expiresAt: textOf(scene, 'expiresAt') ?? null,
    ageDays: ageOf(scene, 'lastRotatedAt', 'createdAt', 'updatedAt') ?? null,
    usedDays: ageOf(scene, 'lastUsedAt') ?? null,
    places: scene.places.length,
    users: scene.users.length,
    found: findings.flatMap((finding) => {
      const what = finding.look(scene)
      return what === null ? [] : [{ finding, what }]
    }),
  }
}

function textOf({ entity }: Scene, name: string): string | undefined {
  const value = entity.props?.[name]
  return typeof value === 'string' ? value : undefined
}

/** The rule that a source states, or the platform's own short life. */
function rotationOf(scene: Scene): string | undefined {
  const said = textAround(scene, 'rotation', 'rotationRule', 'rotationSchedule')
  if (said !== undefined) return said
  for (const name of ['rotationSeconds', 'rotationDays'] as const)
    for (const { props } of scene.around) {
      const value = props?.[name]
      if (typeof value === 'number') return name === 'rotationDays' ? `every ${value} days` : `every ${value} s`
    }
  const ttl = changeRow(scene.entity.kind)?.defaultTtl
  return typeof ttl === 'number' ? `by itself, within ${ttl} s` : undefined
}

export function planeOf(estate: Estate, credential: number): string {
  return entityKinds[estate.entities[credential]!.kind].plane
}
