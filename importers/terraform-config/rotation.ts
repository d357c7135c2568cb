import type { Props } from '../../graph/facts.ts'
import { bodyValue, type Module } from './module.ts'
import { given, type Resource } from './scene.ts'
import { textOf } from './value.ts'

/** Attributes whose change makes a new value, in the types that have them. */
const renewing = ['keepers', 'rotate_when_changed', 'triggers'] as const

/**
 * How a value is renewed, as far as the configuration says: by which input, what it is now, on which clock, and whether
 * the new one exists before the old one is destroyed.
 */
export function rotationOf(resource: Resource): Props {
  const { block } = resource.instance.declared
  const said = block.blocks.find(({ type }) => type === 'keyfall_rotation')
  const part = (name: string) => (said ? textOf(bodyValue(said, name, resource.instance.names)) : undefined)
  const by = part('by')
  const value = part('value')
  const onDemand = part('on_demand')
  const days = said
    ? clockOf(resource, 'keyfall_rotation.value')
    : renewing.map((path) => clockOf(resource, path)).find((one) => one !== undefined)
  const first = textOf(resource.value('lifecycle.create_before_destroy'))
  return given({
    rotatesBy: by,
    rotation: value === '' ? undefined : value,
    rotatedAt: dateOf(value),
    rotationDays: days,
    rotatesOnDemand: onDemand === undefined ? undefined : onDemand === 'true',
    replacedWithOverlap: first === 'true',
  })
}

/** Days of the clock (`time_rotating`) that an attribute takes its value from. */
function clockOf(resource: Resource, path: string): number | undefined {
  for (const { base } of resource.references(path)) {
    const parts = base.split('.')
    if (parts.at(-2) !== 'time_rotating') continue
    const days = daysOf(resource, parts.at(-1)!)
    if (days !== undefined) return days
  }
  return undefined
}

const unitDays = [
  ['rotation_days', 1],
  ['rotation_hours', 1 / 24],
  ['rotation_minutes', 1 / 1440],
  ['rotation_months', 30],
  ['rotation_years', 365],
] as const

function daysOf(resource: Resource, name: string): number | undefined {
  // The clock stands in the module, or in one that gave it as an input.
  for (let place: Resource['instance'] | undefined = resource.instance, left = 12; place && left > 0; left--) {
    const clock = place.module.folder.resources.get(`time_rotating.${name}`)
    for (const [attribute, days] of unitDays) {
      const number = clock && Number(textOf(bodyValue(clock.block, attribute, place.module.top.names)))
      if (number !== undefined && number > 0) return number * days
    }
    place = place.module.caller
  }
  return undefined
}

/** `20-03-2026`, `1-2-2024`, `2026-03-20` as a date; undefined of anything else. */
export function dateOf(text: string | undefined): string | undefined {
  const parts = text?.split('-') ?? []
  if (
    parts.length !== 3 ||
    !parts.every((part) => part !== '' && [...part].every((sign) => sign >= '0' && sign <= '9'))
  )
    return undefined
  const [year, month, day] = parts[0]!.length === 4 ? parts : [...parts].reverse()
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const same = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day)
  return same && year!.length === 4 ? at.toISOString().slice(0, 10) : undefined
}

/** The shared module that made it: the one that the files call. Its version counts for what it makes, not for copies. */
export function makerOf({ instance }: Resource, withVersion = false): Props {
  let made: Props = {}
  for (let module: Module | undefined = instance.module; module; module = module.caller?.module) {
    const source = textOf(module.inputs.get('keyfall_source')?.value)
    const ref = textOf(module.inputs.get('keyfall_ref')?.value)
    if (source !== undefined)
      made = given({ module: source, moduleVersion: ref === '' || !withVersion ? undefined : ref })
  }
  return made
}
