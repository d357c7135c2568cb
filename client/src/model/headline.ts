export type HeadlinePart = { readonly text: string; readonly link: boolean }

/**
 * The server's sentence cut around the dependant it names first, so that the screen can link it. The sentence itself is
 * never rewritten: joined again the parts are the sentence. A name that is not in it is added at the end.
 */
export function headlineParts(sentence: string, first: { name: string; system: string | null } | null): HeadlinePart[] {
  if (!first || first.name === '') return [{ text: sentence, link: false }]
  const full = first.system === null ? first.name : `${first.system} / ${first.name}`
  const named = sentence.includes(full) ? full : first.name
  const at = sentence.indexOf(named)
  if (at < 0)
    return [
      { text: `${sentence} First: `, link: false },
      { text: full, link: true },
    ]
  return [
    { text: sentence.slice(0, at), link: false },
    { text: named, link: true },
    { text: sentence.slice(at + named.length), link: false },
  ].filter((part) => part.text !== '')
}
