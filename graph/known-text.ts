import { canonical } from './canonical.ts'
import type { Evidence } from './facts.ts'
import type { KnownEntity, KnownRelationship } from './known.ts'

/**
 * Lines of segments, of things that a merge has made and which therefore have no other fields than these: the same as
 * `canonical`, but the order of fields stands here and is not found anew for millions. A law holds the two together.
 * Ids and words of our own tables need no escapes.
 */
export function entityLine({ id, key, kind, name, aliases, props, evidence }: KnownEntity): string {
  const before = (aliases ? `"aliases":${JSON.stringify(aliases)},` : '') + evidenceField(evidence)
  const quoted = JSON.stringify(key)
  const own = `"id":"${id}","key":${quoted},"kind":"${kind}","name":${name === key ? quoted : JSON.stringify(name)}`
  return `{"e":{${before}${own}${props ? `,"props":${canonical(props)}` : ''}}}\n`
}

export function relationshipLine(one: KnownRelationship): string {
  const { by, cadence, confidence, delivery, need, pickup, props, session, strength, tolerance, unattributed, via } =
    one
  let text = '{"r":{'
  if (by) text += `"by":${JSON.stringify(by)},`
  if (cadence !== undefined) text += `"cadence":${JSON.stringify(cadence)},`
  if (confidence) text += `"confidence":"${confidence}",`
  if (delivery) text += `"delivery":"${delivery}",`
  text += `${evidenceField(one.evidence)}"from":"${one.from}","id":"${one.id}","kind":"${one.kind}"`
  if (need !== undefined) text += `,"need":${JSON.stringify(need)}`
  if (pickup) text += `,"pickup":${JSON.stringify(pickup)}`
  if (props) text += `,"props":${canonical(props)}`
  if (session) text += `,"session":${JSON.stringify(session)}`
  if (strength) text += `,"strength":"${strength}"`
  text += `,"to":"${one.to}"`
  if (tolerance) text += `,"tolerance":${JSON.stringify(tolerance)}`
  if (unattributed !== undefined) text += `,"unattributed":${unattributed}`
  if (via) text += `,"via":${JSON.stringify(via)}`
  return `${text}}}\n`
}

function evidenceField(evidence: readonly Evidence[] | undefined): string {
  if (!evidence) return ''
  let items = ''
  for (const one of evidence) items += (items === '' ? '' : ',') + evidenceText(one)
  return `"evidence":[${items}],`
}

function evidenceText({ count, file, firstSeen, kind, lastSeen, note, record, source }: Evidence): string {
  let text = '{'
  if (count !== undefined) text += `"count":${JSON.stringify(count)},`
  if (file !== undefined) text += `"file":${fileText(file)},`
  if (firstSeen !== undefined) text += `"firstSeen":${JSON.stringify(firstSeen)},`
  text += `"kind":"${kind}"`
  if (lastSeen !== undefined) text += `,"lastSeen":${JSON.stringify(lastSeen)}`
  if (note !== undefined) text += `,"note":${JSON.stringify(note)}`
  if (record !== undefined) text += `,"record":${JSON.stringify(record)}`
  return `${text},"source":${JSON.stringify(source)}}`
}

/** Facts come file by file: the name is the one before, nearly always. */
let lastFile = ''
let lastFileText = '""'

function fileText(file: string): string {
  if (file !== lastFile) {
    lastFileText = JSON.stringify(file)
    lastFile = file
  }
  return lastFileText
}
