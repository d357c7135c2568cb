import { parseYaml, type ParsedYaml } from '../read/parse-yaml.ts'

export interface FoundDocument {
  readonly where: string
  readonly parsed: ParsedYaml
}

/** Documents of a YAML text, each parsed by itself: one that is broken takes no other with it. */
export function* documentsIn(text: string): Generator<FoundDocument> {
  let held: string[] = []
  let number = 0
  const found = function* (): Generator<FoundDocument> {
    const document = held.join('\n')
    held = []
    const bare = document.split('\n').every((line) => line.trim() === '' || line.trimStart().startsWith('#'))
    if (!bare) yield { where: `document ${++number}`, parsed: parseYaml(document) }
  }
  for (const line of text.split('\n')) {
    if (line === '---' || line.startsWith('--- ') || line === '---\r') yield* found()
    else held.push(line)
  }
  yield* found()
}
