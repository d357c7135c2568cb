import { idOf } from '../../graph/ids.ts'
import type { ImportReply } from '../../graph/wire.ts'
import { nodeOf } from './answers.ts'
import type { World } from './worlds.ts'

type FileReport = ImportReply['files'][number]

/** What the stub makes of a file, by its name: good, partly understood, of no importer, broken. */
function reportOf(name: string, size: number): FileReport {
  const base = { name, bytes: size, merged: 0, notes: [], skipped: [] }
  if (name.includes('notes')) return { ...base, importer: null, read: 0, mapped: 0 }
  if (name.includes('broken')) {
    return {
      ...base,
      importer: { id: 'aws', title: 'AWS · account authorization details' },
      read: 12,
      mapped: 12,
      error: 'ends in the middle of a record; nothing of it was kept',
    }
  }
  if (name.includes('vault')) {
    return {
      ...base,
      importer: { id: 'vault-audit', title: 'HashiCorp Vault · audit log' },
      read: 2_921_040,
      mapped: 2_918_204,
      skipped: [
        {
          reason: 'no-accessor',
          words: 'request without accessor',
          count: 2_800,
          where: ['line 412', 'line 430', 'line 1,207'],
        },
        { reason: 'unreadable-record', words: 'the line is not JSON', count: 36, where: ['line 90,112'] },
      ],
      notes: ['Request paths are kept, values are not.'],
    }
  }
  return { ...base, importer: { id: 'aws', title: 'AWS · account authorization details' }, read: 4_211, mapped: 4_211 }
}

/** An import of the stub: every look at it while it reads goes one file further. */
export function stubImport(id: string, world: World) {
  const files: { name: string; bytes: number; as: string | undefined }[] = []
  let state: ImportReply['state'] = 'collecting'
  let done = 0
  return {
    add: (name: string, bytes: number, as?: string): void => void files.push({ name, bytes, as }),
    start: (): void => void (state = 'reading'),
    cancel: (): void => void (state = state === 'done' ? 'undone' : 'cancelled'),
    commit: (): void => void (state = 'done'),
    guarded: (): boolean => files.some((file) => file.name.includes('guard')),
    look(): void {
      if (state !== 'reading') return
      if (done < files.length) done++
      else state = 'preview'
    },
    reply(): ImportReply {
      const reports = files
        .slice(0, state === 'reading' ? done : undefined)
        .map((file) => ({ ...reportOf(file.as === undefined ? file.name : 'auth.json', file.bytes), name: file.name }))
      const settledDown = state === 'preview' || state === 'done'
      const sum = (of: (file: FileReport) => number): number => reports.reduce((total, file) => total + of(file), 0)
      return {
        id,
        state,
        startedAt: '2026-11-20T04:00:00.000Z',
        progress: {
          file: files[done]?.name ?? '',
          files: files.length,
          filesDone: done,
          bytes: sum((file) => file.bytes),
          totalBytes: files.reduce((total, file) => total + file.bytes, 0),
          records: sum((file) => file.read),
        },
        files: state === 'collecting' ? [] : reports,
        scopes: settledDown
          ? [
              {
                scope: 'aws:123456789012',
                title: 'AWS IAM, prod-main',
                importer: 'aws',
                nature: 'snapshot',
                complete: true,
                changed: true,
                entities: { added: 13, changed: 4, retired: 2 },
                relationships: { added: 3_928, changed: 0, retired: 11 },
              },
              {
                scope: 'vault:prod',
                title: 'Vault audit log',
                importer: 'vault-audit',
                nature: 'log',
                complete: false,
                changed: true,
                entities: { added: 12, changed: 0, retired: 0 },
                relationships: { added: 120, changed: 44, retired: 0 },
              },
            ]
          : [],
        guard:
          state === 'preview' && this.guarded()
            ? {
                retired: 640,
                of: 1_090,
                words: 'The export lists far fewer keys than the one before. Was it cut short?',
              }
            : null,
        before: settledDown ? world.snapshot : null,
        after: settledDown
          ? {
              ...world.snapshot,
              id: `${world.name}-2`,
              sample: false,
              entities: world.snapshot.entities + 23,
              relationships: world.snapshot.relationships + 4_037,
            }
          : null,
        ...(state === 'done' && {
          totals: [{ title: 'Credentials', before: 1_271, after: 1_284, share: false }],
          moved: {
            compared: 200,
            items: [
              {
                thing: nodeOf(world, idOf(`${world.name} subject`))!.thing,
                before: 'cannot-say' as const,
                after: 'not-safe' as const,
              },
            ],
          },
        }),
        error: null,
      }
    },
  }
}
