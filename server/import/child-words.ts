import { z } from 'zod'
import { Message } from '../../importers/read/messages.ts'
import type { LostFile } from '../../importers/read/run-importers.ts'
import type { Limits } from '../../importers/read/limits.ts'

/** What the server tells the child. Bytes go in frames of their own. */
export type ToChild =
  | {
      readonly say: 'start'
      /** Base64; beside the rules of ownership the only thing of the installation that the child gets to know. */
      readonly fingerprintKey?: string | undefined
      readonly scopeName?: string | undefined
      readonly ownershipRules?: string | undefined
      readonly limits?: Partial<Limits> | undefined
      readonly lost: readonly LostFile[]
    }
  /** `held`: the bytes follow at once in one frame; else the child asks for them with `open`. */
  | {
      readonly say: 'file'
      readonly index: number
      readonly name: string
      readonly size?: number | undefined
      readonly repository?: string | undefined
      readonly importer?: string | undefined
      readonly held: boolean
      /** It could not be opened: why. */
      readonly error?: string | undefined
    }
  /** The end of the bytes the child asked for. */
  | { readonly say: 'eof'; readonly error?: string | undefined }
  | { readonly say: 'finish' }

/** What the child says apart from the messages of the importers. */
export const FromChild = z.discriminatedUnion('type', [
  ...Message.options,
  z.object({ type: z.literal('here') }),
  z.object({ type: z.literal('reading'), index: z.number().int() }),
  z.object({ type: z.literal('open'), index: z.number().int() }),
  z.object({ type: z.literal('close'), index: z.number().int() }),
  z.object({ type: z.literal('release'), index: z.number().int() }),
  z.object({ type: z.literal('ending') }),
  z.object({ type: z.literal('done') }),
])
export type FromChild = z.infer<typeof FromChild>
