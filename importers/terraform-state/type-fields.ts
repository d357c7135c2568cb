/** What is taken of a resource type; every other attribute is dropped before anything is mapped. */
export interface Fields {
  /** Kept as they stand. */
  readonly text?: readonly string[]
  /** Lists and maps kept as they stand. */
  readonly lists?: readonly string[]
  /** Values: fingerprinted, and gone. */
  readonly secret?: readonly string[]
  /** Base64 of a value. */
  readonly encoded?: readonly string[]
  /** Maps of names to values: the names are kept. */
  readonly secrets?: readonly string[]
  /** A value that may be a JSON object of names and values. */
  readonly json?: readonly string[]
  /** ECS containers as JSON: names in the environment, and where secrets come from. */
  readonly containers?: readonly string[]
}
