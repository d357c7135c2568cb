import { randomBytes } from 'node:crypto'
import { copyFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A name and the password that goes with it, as workloads read them. */
export interface Login {
  readonly user: string
  readonly password: string
}

export const freshPassword = (): string => `lab-${randomBytes(12).toString('hex')}`

let made = 0
export const freshName = (): string => `lab_${++made}`

/** A file that stands for a vault or a copy of it. */
export function fileWith(folder: string, value: object): string {
  const path = join(folder, `${freshName()}.json`)
  put(path, value)
  return path
}

/** Whole or not at all: a reader never sees half of it. */
export function put(path: string, value: object): void {
  writeFileSync(`${path}.next`, JSON.stringify(value))
  renameSync(`${path}.next`, path)
}

/** An operator that copies one file over another, again and again; returns what ends it. */
export function copyEvery(ms: number, from: string, to: string, clock: Clock): () => void {
  let last = Date.now()
  const timer = setInterval(() => {
    copyFileSync(from, `${to}.next`)
    renameSync(`${to}.next`, to)
    clock.was(last + ms)
    last = Date.now()
  }, ms)
  return () => clearInterval(timer)
}

/** How late what a run does by the clock was done at most, milliseconds: what it measures is no sharper than that. */
export interface Clock {
  readonly late: number
  /** Something was done just now that was due then. */
  was(due: number): void
}

export function startClock(): Clock {
  let late = 0
  return {
    get late() {
      return late
    },
    was: (due) => void (late = Math.max(late, Date.now() - due)),
  }
}

/** Later; the clock learns when it was done. */
export function after(ms: number, clock: Clock, act: () => Promise<unknown>): void {
  const due = Date.now() + ms
  setTimeout(() => void act().then(() => clock.was(due)), ms)
}
