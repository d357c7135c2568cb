const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB

/** How much of a hostile file is read before it is refused (security-reliability.md 3.2). Shown in the docs; an admin may change them. */
export const limits = {
  /** Of an archive that has to be held whole (zip keeps its list of entries at the end). */
  compressedBytes: 256 * MiB,
  /** Uncompressed, over all files of one run. */
  totalBytes: 4 * GiB,
  /** Uncompressed to compressed, measured while streaming. Real exports have 10 to 30, a bomb more than 1,000. */
  ratio: 200,
  /** Below this many uncompressed bytes the ratio is not looked at: a short file of blanks is no bomb. */
  ratioFloorBytes: 1 * MiB,
  archiveEntries: 10_000,
  entryBytes: 512 * MiB,
  /** One document held in memory as text. */
  documentBytes: 500_000_000,
  /** Files up to this size are held, and so read once; larger ones are streamed. */
  heldBytes: 32 * MiB,
  /** What `detect` gets to see. */
  headBytes: 64 * KiB,
  jsonDepth: 128,
  yamlDepth: 64,
  yamlAliases: 100,
  yamlDocuments: 10_000,
  stringLength: 1 * MiB,
  keyLength: 1 * KiB,
  recordsPerFile: 5_000_000,
  /** Facts in one message. */
  factsPerMessage: 500,
  /** Locators kept of each reason for skipping. */
  locators: 100,
  notes: 200,
} as const satisfies Record<string, number>

export type Limits = Readonly<Record<keyof typeof limits, number>>
