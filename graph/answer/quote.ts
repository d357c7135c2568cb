/**
 * Names from files inside queries that people paste into their tools. Every language gets a literal that ends where it
 * should, whatever the name holds; the tests read each literal back with the language itself.
 */

/** Controls, marks of direction and lone surrogates have no place in a query: they are shown as what they are, unreadable. */
export function printable(name: string): string {
  return name
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

/** Does a name hold nothing that had to be replaced? Otherwise a query with it finds nothing. */
export function isPrintable(name: string): boolean {
  return printable(name) === name
}

/** A string of SQL (Athena, PostgreSQL with standard strings): only the quote is special. */
export function sqlText(name: string): string {
  return `'${printable(name).replaceAll("'", "''")}'`
}

/** A string of Kusto. */
export function kqlText(name: string): string {
  return `"${printable(name).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A string of jq: that of JSON, without interpolation (`\(`), as a backslash is doubled. */
export function jqText(name: string): string {
  return JSON.stringify(printable(name))
}

/** A string of LogQL and PromQL: that of Go. */
export function goText(name: string): string {
  return JSON.stringify(printable(name))
}

/** A text that means itself in an RE2 pattern. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** One of these names, then `rest` as a pattern: as a string of LogQL and PromQL, which match from end to end. */
export function goPattern(names: readonly string[], rest = ''): string {
  const any = names.map((name) => escaped(printable(name)))
  return JSON.stringify((any.length === 1 ? any[0]! : `(${any.join('|')})`) + rest)
}

/** One word of a POSIX shell. */
export function shellText(text: string): string {
  return `'${text.replaceAll('\0', '\ufffd').replaceAll("'", String.raw`'\''`)}'`
}
