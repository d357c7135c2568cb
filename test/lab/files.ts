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
export function copyEvery(ms: number, from: string, to: string): () => void {
  const timer = setInterval(() => {
    copyFileSync(from, `${to}.next`)
    renameSync(`${to}.next`, to)
  }, ms)
  return () => clearInterval(timer)
}

/** Later, without keeping the process alive for it. */
export function after(ms: number, act: () => unknown): void {
  setTimeout(() => void act(), ms)
}
