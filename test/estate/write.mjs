#!/usr/bin/env node
/**
 * Writes the fictional estate as the files its platforms would export.
 *
 *   node test/estate/write.mjs --size S --seed 1 --out DIR
 *
 * The same size and seed give the same bytes (gz: the same content). Parts are written one after the other; memory
 * does not grow with the size. What is in it: README.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { filesOf } from './book.mjs'
import { crowdUnit, shape } from './crowd.mjs'
import { story } from './story/story.mjs'

/** Units of crowd beside the story, and how large each is. */
export const sizes = {
  S: { units: 1, percent: 10 },
  M: { units: 5, percent: 100 },
  L: { units: 45, percent: 100 },
  XL: { units: 450, percent: 100 },
}

/** The files of one size, part by part. */
export function* estate(size, seed) {
  const { units, percent } = sizes[size]
  yield* filesOf(story(seed), { readable: true })
  for (let number = 1; number <= units; number++) {
    const readable = size === 'S'
    const part = String(number).padStart(4, '0')
    yield* filesOf(crowdUnit(seed, number, shape(percent)), { readable, part })
  }
}

/** Writes under `out` and returns `{files, bytes}`. */
export function writeEstate(size, seed, out) {
  let [files, bytes] = [0, 0]
  for (const [path, content] of estate(size, seed)) {
    const target = join(out, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
    files++
    bytes += Buffer.byteLength(content)
  }
  return { files, bytes }
}

function option(name, fallback) {
  const at = argv.indexOf(`--${name}`)
  return at < 0 ? fallback : argv[at + 1]
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [size, seed, out] = [option('size', 'S'), Number(option('seed', '1')), option('out')]
  if (!Object.hasOwn(sizes, size) || !Number.isInteger(seed) || out === undefined) {
    console.error('usage: node test/estate/write.mjs --size S|M|L|XL [--seed 1] --out DIR')
    exit(2)
  }
  const { files, bytes } = writeEstate(size, seed, out)
  console.log(`${size}, seed ${seed}: ${files} files, ${bytes} bytes in ${out}`)
}
