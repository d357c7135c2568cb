import type { MovesReply, WhatIfReply } from '../../graph/wire-acts.ts'
import type { BlastReply, Operation, Overall, Thing, Verdict } from '../../graph/wire.ts'
import { blastOf } from './answers.ts'
import type { World, WorldDependent } from './worlds.ts'

interface Alternative {
  readonly mask: number
  readonly band: number
  readonly verdict: Verdict
}

/** Of a world with `n` failing dependants the i-th (in a fixed mixed order) is saved by this step; s3 needs s2 first. */
const shares = [
  ['s1', 16],
  ['s2', 10],
  ['s3', 9],
  ['s4', 9],
] as const
const whole = shares.reduce((sum, [, share]) => sum + share, 0)

function alternativesOf(world: World, op: Operation): Map<string, readonly Alternative[]> {
  const keeps = world.bands.length - 1
  const failing = standing(world, op).filter((one) => one.verdict === 'breaks' || one.verdict === 'steps')
  return new Map(
    failing.map((one, i) => {
      let left = (i * 7) % whole
      const step = shares.findIndex(([, share]) => (left -= share) < 0)
      if (step !== 2) return [one.id, [{ mask: 1 << step, band: keeps, verdict: 'keeps' as const }]]
      const later = Math.min(one.band + 1, keeps - 1)
      return [
        one.id,
        [
          { mask: 0b110, band: keeps, verdict: 'keeps' as const },
          ...(later > one.band ? [{ mask: 0b010, band: later, verdict: one.verdict }] : []),
        ],
      ]
    }),
  )
}

/** As `blastOf` has them: the cells of the answer, spread out again. */
const standing = (world: World, op: Operation): WorldDependent[] =>
  world.dependents.map((one) =>
    op === 'rotate' && one.verdict === 'steps' ? { ...one, verdict: 'keeps', band: world.bands.length - 1 } : one,
  )

const after = (list: readonly Alternative[] | undefined, mask: number, one: WorldDependent): WorldDependent => {
  const found = list?.find((alternative) => (alternative.mask & mask) === alternative.mask)
  return found ? { ...one, band: found.band, verdict: found.verdict } : one
}

const countsOf = (dependents: readonly WorldDependent[]): Record<Verdict, number> => {
  const counts = { breaks: 0, unknown: 0, steps: 0, keeps: 0 }
  for (const one of dependents) counts[one.verdict]++
  return counts
}

function overallOf(world: World, counts: Record<Verdict, number>, ticked: number): Overall {
  if (counts.breaks > 0) return 'not-safe'
  if (counts.unknown > 0 || world.coverage.state !== 'complete') return 'cannot-say'
  return counts.steps > 0 || ticked > 0 ? 'safe-after-steps' : 'safe'
}

export function movesOf(world: World, op: Operation): MovesReply {
  const lists = alternativesOf(world, op)
  const dependents = standing(world, op)
  const alternatives: Alternative[][] = []
  const numbers = new Map<string, number>()
  const groups = new Map<string, { one: WorldDependent; alt: number; members: WorldDependent[] }>()
  for (const one of dependents) {
    const list = [...(lists.get(one.id) ?? [])]
    const words = JSON.stringify(list)
    const alt = numbers.get(words) ?? alternatives.push(list) - 1
    numbers.set(words, alt)
    const key = `${one.sys} ${one.band} ${one.verdict} ${alt}`
    const group = groups.get(key)
    if (group) group.members.push(one)
    else groups.set(key, { one, alt, members: [one] })
  }
  const rows = [...groups.values()]
  const all = dependents.map((one) => after(lists.get(one.id), 0b1111, one))
  const used = [0, 1, 2, 3].filter((bit) =>
    [...lists.values()].some((list) => ((list[0]?.mask ?? 0) & (1 << bit)) !== 0),
  )
  return {
    snapshot: world.snapshot,
    op,
    overlap: null,
    steps: world.steps.map(({ id, title, confirmed }) => ({ id, title, confirmed })),
    bands: world.bands,
    sys: rows.map(({ one }) => one.sys),
    band: rows.map(({ one }) => one.band),
    verdict: rows.map(({ one }) => one.verdict),
    alt: rows.map(({ alt }) => alt),
    count: rows.map(({ members }) => members.length),
    members: rows.map(({ members }) =>
      members.length > 24
        ? []
        : members.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, name }) => ({ id, name })),
    ),
    alternatives,
    needed: used.reduce((mask, bit) => mask | (1 << bit), 0),
    best: overallOf(world, countsOf(all), 1),
    exact: true,
  }
}

/** `differs`: one dependant more stays as it was than the table says. */
export function whatIfOf(world: World, op: Operation, steps: readonly string[], differs = false): WhatIfReply {
  const lists = alternativesOf(world, op)
  const mask = world.steps.reduce((bits, { id }, bit) => (steps.includes(id) ? bits | (1 << bit) : bits), 0)
  const before = standing(world, op)
  const stubborn = differs ? before.find((one) => after(lists.get(one.id), mask, one) !== one) : undefined
  const now = before.map((one) => (one === stubborn ? one : after(lists.get(one.id), mask, one)))
  const moved = before.flatMap((one, i) => {
    const to = now[i]!
    if (to.band === one.band && to.verdict === one.verdict) return []
    const dependent: Thing = { id: one.id, kind: 'k8s.deployment', title: one.title, role: 'workload', name: one.name }
    const system = world.systems[one.sys]!
    return [
      {
        dependent,
        system: system.kind === 'system' ? system.name : null,
        from: { verdict: one.verdict, band: world.bands[one.band]!.id },
        to: { verdict: to.verdict, band: world.bands[to.band]!.id },
        better: true,
      },
    ]
  })
  const side = (dependents: readonly WorldDependent[], ticked: number): WhatIfReply['before'] => {
    const counts = countsOf(dependents)
    return { op, overlap: null, verdict: overallOf(world, counts, ticked), title: 'as the server words it', counts }
  }
  return {
    snapshot: world.snapshot,
    subject: subjectOf(blastOf(world, op)),
    supposed: steps.map((id) => world.steps.find((step) => step.id === id)?.title ?? id),
    before: side(before, 0),
    after: side(now, steps.length),
    better: moved.length,
    worse: 0,
    moved: moved.slice(0, 500),
    movedCount: moved.length,
  }
}

const subjectOf = ({ subject: { id, kind, title, role, name } }: BlastReply): Thing => ({ id, kind, title, role, name })
