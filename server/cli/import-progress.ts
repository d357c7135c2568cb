import { Presets, SingleBar } from 'cli-progress'
import type { ImportReply } from '../../graph/wire.ts'
import { clean } from './clean.ts'
import type { Print } from './print.ts'
import { short } from './table.ts'

const QUIET_MS = 400

/** A bar on standard error while long work goes on; nothing for what is over in a moment, and nothing in a pipe. */
export function importProgress(print: Print): { show(reply: ImportReply): void; stop(): void } {
  if (!print.isTerminal) return { show: () => undefined, stop: () => undefined }
  const startedAt = performance.now()
  let bar: SingleBar | undefined
  return {
    show({ state, progress }) {
      if (state !== 'reading' || performance.now() - startedAt < QUIET_MS) return
      if (!bar) {
        const format = progress.totalBytes
          ? '{bar} {mb} MB  {records} records  {file}'
          : '{mb} MB  {records} records  {file}'
        bar = new SingleBar(
          { format, hideCursor: true, clearOnComplete: true, stream: process.stderr },
          Presets.shades_classic,
        )
        bar.start(progress.totalBytes ?? 1, 0, { mb: 0, records: 0, file: '' })
      }
      const mb = (progress.bytes / 1e6).toFixed(1)
      bar.update(Math.min(progress.bytes, progress.totalBytes ?? 1), {
        mb,
        records: progress.records,
        file: short(clean(progress.file), 40),
      })
    },
    stop: () => bar?.stop(),
  }
}
