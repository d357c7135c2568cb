/** A file as it lies there: maybe packed, maybe an archive. */
export interface RawFile {
  /** Relative to what the user named, with `/`. */
  readonly name: string
  readonly size?: number | undefined
  /** `owner/name` of the checkout it lies in. */
  readonly repository?: string | undefined
  /** Id of the importer that a person chose for it; absent: it is recognised by its content. */
  readonly importer?: string | undefined
  /** The bytes from the beginning; may be called more than once. */
  stream(): AsyncIterable<Uint8Array>
}

/** A raw file of bytes or text that are in memory already. */
export function rawFile(name: string, content: string | Uint8Array, repository?: string): RawFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    name,
    size: bytes.length,
    repository,
    async *stream() {
      yield bytes
    },
  }
}
