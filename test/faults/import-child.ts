import { writeSync } from 'node:fs'
import { openStore } from '../../server/store/open.ts'
import { writeScope } from '../../server/store/scope-facts.ts'
import { draftOf } from '../store/small-estate.ts'
import { generationOf, type Size } from './generations.ts'

/**
 * A server that imports one scope again and again until it is killed, and says what was acknowledged.
 * Arguments: settings as JSON `{store, size, imports}`.
 */
const {
  store: settings,
  size,
  imports,
} = JSON.parse(process.argv[2]!) as {
  store: Parameters<typeof openStore>[0]
  size: Size
  imports: number
}
/** At once, past all buffers: what is said before the kill is heard. */
const say = (word: string): void => void writeSync(1, `${word}\n`)

try {
  const store = await openStore(settings)
  let generation = (await store.heads()).get('a')?.generation ?? 0
  say('ready')
  for (let i = 0; i < imports; i++) {
    generation++
    await writeScope(store, draftOf('a'), generationOf(generation, size), generation - 1)
    say(`acknowledged ${generation}`)
    if (generation % 2 === 0) await store.prune({ keep: 2, days: 0, now: '2030-01-01T00:00:00Z' })
  }
  await (store as { projected?: () => Promise<void> }).projected?.()
  say('projected')
  await store.close()
} catch (error) {
  say(`failed ${(error as Error).name} ${(error as Error).message}`)
  process.exitCode = 1
}
