import { cleanParts, cleanText } from '../model/clean-name.ts'

/** Any text that came out of a file: text nodes only, what is invisible made visible, its direction kept to itself. */
export function Name({ value, tip = false }: { value: string; tip?: boolean }) {
  const parts = cleanParts(value)
  return (
    <bdi class="name" title={tip ? cleanText(value) : undefined}>
      {parts.map((part) => (part.mark ? <span class="unseen">{part.text}</span> : part.text))}
    </bdi>
  )
}
