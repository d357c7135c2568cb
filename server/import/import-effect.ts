import { setTimeout as wait } from 'node:timers/promises'
import {
  comparedIds,
  effectSide,
  totalsBetween,
  verdictsMoved,
  type EffectSide,
} from '../../graph/answer/import-effect.ts'
import type { ImportReply } from '../../graph/wire.ts'
import type { Keeper } from '../estate/keeper.ts'

/** One of the two estates that an import lies between, wherever it lives. */
export interface Side {
  compared(): Promise<readonly string[]>
  tell(ids: readonly string[], now: string): Promise<EffectSide>
  release(): void
}

/** The estate as it is now, held until it is released. */
export function sideNow(keeper: Keeper): Side {
  const answering = keeper.answering?.()
  if (!answering) {
    const estate = keeper.estate()
    return {
      compared: async () => comparedIds(estate),
      tell: async (ids, now) => effectSide(estate, ids, now),
      release: () => undefined,
    }
  }
  const release = answering.hold()
  const ask = async (route: string, body: unknown, now: string): Promise<unknown> => {
    const bytes = await answering.ask({ route, params: {}, query: undefined, body, now })
    return bytes === undefined ? null : JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
  }
  // One by one, and half of the thread is left to whoever asks something else meanwhile.
  const tell = async (ids: readonly string[], now: string): Promise<EffectSide> => {
    const { numbers } = (await ask('effect side', [], now)) as EffectSide
    const verdicts: EffectSide['verdicts'][number][] = []
    for (const id of ids) {
      const began = performance.now()
      verdicts.push(...((await ask('effect side', [id], now)) as EffectSide).verdicts)
      await wait(performance.now() - began)
    }
    return { numbers, verdicts }
  }
  return { compared: async () => (await ask('effect compared', undefined, '')) as readonly string[], tell, release }
}

/** What an import did to the answers, and lets go of both sides. */
export async function effectBetween(
  before: Side,
  after: Side,
  now: string,
): Promise<Pick<ImportReply, 'totals' | 'moved'>> {
  try {
    const ids = [...new Set([...(await after.compared()), ...(await before.compared())])]
    const [was, is] = [await before.tell(ids, now), await after.tell(ids, now)]
    return { totals: totalsBetween(was, is), moved: verdictsMoved(was, is, ids) }
  } finally {
    before.release()
    after.release()
  }
}
