export interface Peeked {
  /** At most `count` first bytes; fewer only where the file has no more. */
  readonly head: Uint8Array
  /** True where `head` is all there is. */
  readonly whole: boolean
  /** Everything, the head included. Once. */
  rest(): AsyncIterable<Uint8Array>
  /** Says that no more is wanted. */
  close(): Promise<void>
}

/** Looks at the first `count` bytes of a stream without losing them. */
export async function peek(bytes: AsyncIterable<Uint8Array>, count: number): Promise<Peeked> {
  const source = bytes[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let length = 0
  let ended = false
  // One byte more than asked for tells a whole head from a cut one.
  while (length <= count && !ended) {
    const next = await source.next()
    if (next.done) ended = true
    else if (next.value.length > 0) {
      chunks.push(next.value)
      length += next.value.length
    }
  }
  const head = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)
  return {
    head: head.subarray(0, count),
    whole: ended && length <= count,
    async *rest() {
      try {
        if (length > 0) yield head
        while (!ended) {
          const next = await source.next()
          if (next.done) ended = true
          else yield next.value
        }
      } finally {
        if (!ended) await source.return?.()
      }
    },
    async close() {
      if (!ended) await source.return?.()
    },
  }
}
