/** Numbers that a failure can be repeated with: `KEYFALL_SEED=… npx vitest run test/faults`. */
export function seeded(name: string): { readonly seed: number; next(): number } {
  const seed = Number(process.env['KEYFALL_SEED'] ?? Date.now() % 1e9)
  console.log(`${name}: KEYFALL_SEED=${seed}`)
  let state = seed >>> 0
  return {
    seed,
    // mulberry32
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296
    },
  }
}
