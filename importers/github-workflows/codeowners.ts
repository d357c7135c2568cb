export interface OwnerRule {
  readonly line: number
  readonly pattern: string
  /** `owner/team`; people and addresses are left out. */
  readonly teams: readonly string[]
}

/** The rules of a CODEOWNERS file. GitHub: blanks separate, `#` begins a comment, a rule may have no owner. */
export function readCodeowners(text: string): OwnerRule[] {
  const rules: OwnerRule[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const words: string[] = []
    for (const word of line.trim().split(/\s/)) {
      if (word.startsWith('#')) break
      if (word !== '') words.push(word)
    }
    const [pattern, ...owners] = words
    if (pattern === undefined) continue
    const teams = owners.flatMap((owner) => (owner.startsWith('@') && owner.includes('/') ? [owner.slice(1)] : []))
    rules.push({ line: index + 1, pattern, teams })
  }
  return rules
}
