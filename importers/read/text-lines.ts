export type TextLine =
  { readonly line: number; readonly text: string } | { readonly line: number; readonly tooLong: true }

/** Lines of UTF-8 text, numbered from 1, without their ends; a line over `maxLength` characters is told, not held. */
export async function* textLines(bytes: AsyncIterable<Uint8Array>, maxLength: number): AsyncGenerator<TextLine[]> {
  const decoder = new TextDecoder()
  let line = 1
  let open = ''
  let tooLong = false
  const finish = (text: string): TextLine => {
    const whole = open + text
    const result: TextLine =
      tooLong || whole.length > maxLength
        ? { line, tooLong: true }
        : { line, text: whole.endsWith('\r') ? whole.slice(0, -1) : whole }
    open = ''
    tooLong = false
    line++
    return result
  }
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true })
    const found: TextLine[] = []
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      found.push(finish(text.slice(from, end)))
      from = end + 1
    }
    open += text.slice(from)
    if (open.length > maxLength) {
      tooLong = true
      open = ''
    }
    yield found
  }
  open += decoder.decode()
  if (open !== '' || tooLong) yield [finish('')]
}
