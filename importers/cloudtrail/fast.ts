import type { SkipReason } from '../../graph/facts.ts'
import { marks, type Books } from './books.ts'
import { byteTable } from './byte-table.ts'
import { effectOf, mintCalls, POD_IDENTITY } from './effect.ts'
import { readParameters, readReply, readResources, TEXT_LENGTH, type Event, type UserIdentity } from './records.ts'
import { readingCalls } from './resources.ts'
import { likeness } from './likeness.ts'
import { field } from './event-fields.ts'
import { eventScan, UNREAD, type EventScan } from './scan-event.ts'
import { SLICES } from './slices.ts'
import { eventScanInMemory } from './scan-event-wasm.ts'
import { readUuid, type Seen } from './seen-events.ts'
import { locator } from './tallies.ts'
import { accountOf, isSkip, isUncommon, type Taken } from './take.ts'
import { byteTimes } from './times.ts'
import { tupleTable } from './tuple-table.ts'

/** Texts that decide what an event shows, as columns of a row; others (id, time, sessions) are told apart later. */
const columns = [
  ...['type', 'principalId', 'arn', 'accountId', 'userName', 'invokedBy', 'identityProvider', 'issuerArn'],
  ...['federatedProvider', 'issuedTo', 'identityStore', 'eventSource', 'eventName', 'eventType', 'awsRegion'],
  ...['sourceIPAddress', 'userAgent', 'vpcEndpointId', 'errorCode', 'recipientAccountId'],
  'sessionCredentialFromConsole',
] as const satisfies readonly (keyof typeof field)[]
/** The same of calls whose parameters matter; the last are JSON as it stands. */
const parameters = [
  ...['roleArn', 'roleSessionName', 'secretId', 'name', 'path', 'keyId', 'clusterName'],
  ...['contextSecret', 'contextParameter', 'secretIdList', 'names', 'tags', 'principalTags', 'resources'],
] as const satisfies readonly (keyof typeof field)[]
type Column = (typeof columns)[number] | (typeof parameters)[number]
const columnFields = Int32Array.from(columns, (name) => field[name])
const parameterFields = Int32Array.from(parameters, (name) => field[name])
const columnOf = new Map<Column, number>([...columns, ...parameters].map((name, at) => [name, at]))
const PARAMETERS = columns.length
const KEY = PARAMETERS + parameters.length
const CREATED = KEY + 1
const USER = KEY + 2
const WIDTH = KEY + 3
const at = Object.fromEntries(columnOf) as Readonly<Record<Column, number>>
const { userAgent: AGENT, sourceIPAddress: ADDRESS, vpcEndpointId: ENDPOINT, principalId: PRINCIPAL, arn: ARN } = at
const { issuerArn: ISSUER, type: TYPE, eventType: SORT, errorCode: ERROR, awsRegion: REGION } = at
const { roleSessionName: SESSION_NAME } = at
/** The columns of who calls stand first. */
const CALL = at.eventSource
/** What is kept of who calls: those columns, and these. */
const [WHO_KEY, WHO_CREATED, WHO_AGENT, WHO_ADDRESS, WHO_SESSION] = [CALL, CALL + 1, CALL + 2, CALL + 3, CALL + 4]
const WHO = CALL + 5

/** What of a call besides its columns decides what it shows. */
const PLAIN = 1
const WITH_PARAMETERS = 2
/** Has to be looked at in full. */
const UNCOMMON = 3

/** Bytes of texts, and rows, kept at most. */
const BYTES = 24 * 1024 * 1024
const ROWS = 200_000

export interface Fast {
  /**
   * Takes the event that begins at `start`, and at `at` in its file, if it is whole and plain.
   * @returns the byte behind it, or -1: then nothing was done, and the exact way has to take it
   */
  take(bytes: Uint8Array, start: number, limit: number, at: number): number
  /** Another file begins. */
  begin(): void
  /** What became of the event just taken. */
  taken(): Taken
}

/**
 * Takes events from bytes, without making objects of them: what an event shows is found once for each different event
 * (`effectOf`, the same as in the exact way), and counted for all that are like it.
 */
export function fastTaker(
  book: Books,
  seen: Seen,
  file: () => number,
  scopeName: string | undefined,
  lists: readonly string[],
  found: EventScan = eventScanInMemory(lists, TEXT_LENGTH) ?? eventScan(lists, TEXT_LENGTH),
): Fast {
  const { starts, ends } = found
  const texts = byteTable()
  const rows = tupleTable(WIDTH)
  const timeIn = byteTimes()
  const row = new Int32Array(WIDTH)
  const place = locator()
  const like = likeness(texts)
  let numbers: number[] = []
  /** By number of the text of a call's name. */
  let kinds = new Uint8Array(1024)
  /** By number of who calls: what its columns were, while its version is the same. */
  const callers = new Int32Array(SLICES * WHO)
  const versions = new Int32Array(SLICES)
  /** The last text of each column: often the next one, too. */
  const last = new Int32Array(WIDTH)
  let generation = book.generation()
  let taken: Taken

  const forget = (): void => {
    texts.clear()
    like.clear()
    rows.clear()
    numbers = []
    kinds = new Uint8Array(1024)
    versions.fill(0)
    last.fill(0)
    generation = book.generation()
  }

  /** @param guess number of the text that it may be */
  const textId = (bytes: Uint8Array, number: number, guess = 0): number =>
    starts[number]! < 0 ? 0 : texts.idOf(bytes, starts[number]!, ends[number]!, guess)

  const kindOf = (name: number): number => {
    if (name >= kinds.length) {
      const more = new Uint8Array(name * 2)
      more.set(kinds)
      kinds = more
    }
    return (kinds[name] ||= kindOfCall(texts.textOf(name)))
  }

  /** Fills the row; false where the call has to be looked at in full. */
  const readRow = (bytes: Uint8Array): boolean => {
    const name = textId(bytes, field.eventName, last[at.eventName])
    const kind = kindOf(name)
    if (kind === UNCOMMON) return false
    const who = found.identity()
    if (who < 0) {
      readWho(bytes)
      row[ADDRESS] = textId(bytes, field.sourceIPAddress)
      row[AGENT] = textId(bytes, field.userAgent)
    } else {
      const from = who * WHO
      if (versions[who] === found.identityVersion(who)) {
        for (let column = 0; column < CALL; column++) row[column] = callers[from + column]!
        row[KEY] = callers[from + WHO_KEY]!
        row[CREATED] = callers[from + WHO_CREATED]!
      } else {
        readWho(bytes)
        for (let column = 0; column < CALL; column++) callers[from + column] = row[column]!
        callers[from + WHO_KEY] = row[KEY]!
        callers[from + WHO_CREATED] = row[CREATED]!
        callers[from + WHO_AGENT] = callers[from + WHO_ADDRESS] = 0
        callers[from + WHO_SESSION] = -1
        versions[who] = found.identityVersion(who)
      }
      row[ADDRESS] = callers[from + WHO_ADDRESS] = textId(bytes, field.sourceIPAddress, callers[from + WHO_ADDRESS])
      row[AGENT] = callers[from + WHO_AGENT] = textId(bytes, field.userAgent, callers[from + WHO_AGENT])
    }
    for (let column = CALL; column < PARAMETERS; column++)
      if (column !== ADDRESS && column !== AGENT)
        row[column] = last[column] = textId(bytes, columnFields[column]!, last[column])
    row.fill(0, PARAMETERS, KEY)
    row[USER] = starts[field.userIdentity]! < 0 ? 0 : 1
    if (kind === WITH_PARAMETERS && !readParameterColumns(bytes)) return false
    alike(row, kind)
    return true
  }

  const readWho = (bytes: Uint8Array): void => {
    for (let column = 0; column < CALL; column++) row[column] = textId(bytes, columnFields[column]!)
    row[KEY] = isSessionKey(bytes, starts[field.accessKeyId]!, ends[field.accessKeyId]!)
      ? -1
      : textId(bytes, field.accessKeyId)
    row[CREATED] = starts[field.sessionCreated]! < 0 ? 0 : 1
  }

  const readParameterColumns = (bytes: Uint8Array): boolean => {
    for (let column = 0; column < parameterFields.length; column++) {
      const number = parameterFields[column]!
      if (starts[number] === UNREAD || (starts[number]! >= 0 && ends[number]! - starts[number]! > TEXT_LENGTH))
        return false
      row[PARAMETERS + column] = last[PARAMETERS + column] = textId(bytes, number, last[PARAMETERS + column])
    }
    return true
  }

  /** Puts one text for all those that come to the same, so that what differs in nothing else is one row. */
  const alike = (of: Int32Array, kind: number): void => {
    of[ADDRESS] = of[ENDPOINT] !== 0 && !like.isEmpty(of[ENDPOINT]!) ? 0 : like.address(of[ADDRESS]!)
    of[AGENT] = like.agent(of[AGENT]!)
    of[ERROR] = like.error(of[ERROR]!)
    // What sort of event it is matters only where nobody is named.
    if (of[USER] !== 0) of[SORT] = 0
    // Without a type it may be a service all the same.
    if (of[TYPE] !== 0 && !like.isService(of[TYPE]!)) of[SESSION_NAME] = 0
    if (of[ISSUER] === 0 || !like.isRole(of[TYPE]!) || like.isEmpty(of[ISSUER]!)) return
    of[ARN] = like.arn(of[ARN]!)
    of[PRINCIPAL] = like.principal(of[PRINCIPAL]!, of[AGENT]!)
    if (kind === PLAIN && !like.isPlace(of[PRINCIPAL]!, of[AGENT]!)) of[REGION] = 0
  }

  const text = (column: number): string | undefined => (row[column] === 0 ? undefined : texts.textOf(row[column]!))
  const json = (column: number): unknown => (row[column] === 0 ? undefined : JSON.parse(text(column)!))

  /** The event that the row stands for; of sessions only that there is one. */
  const eventOfRow = (): Event => ({
    eventID: undefined,
    eventTime: undefined,
    eventSource: text(at.eventSource)!,
    eventName: text(at.eventName)!,
    eventType: text(SORT),
    awsRegion: text(REGION),
    sourceIPAddress: text(ADDRESS),
    userAgent: text(AGENT),
    vpcEndpointId: text(ENDPOINT),
    errorCode: text(ERROR),
    recipientAccountId: text(at.recipientAccountId),
    sessionCredentialFromConsole: text(at.sessionCredentialFromConsole),
    userIdentity: row[USER] === 0 ? undefined : userOfRow(),
    requestParameters: hasParameters() ? parametersOfRow() : noParameters,
    responseElements: noReply,
    resources: readResources(json(at.resources)),
    aboutSecret: undefined,
  })

  const userOfRow = (): UserIdentity => ({
    type: text(TYPE),
    principalId: text(PRINCIPAL),
    arn: text(ARN),
    accountId: text(at.accountId),
    accessKeyId: row[KEY] === -1 ? SESSION_KEY : text(KEY),
    userName: text(at.userName),
    invokedBy: text(at.invokedBy),
    identityProvider: text(at.identityProvider),
    issuerArn: text(ISSUER),
    sessionCreated: row[CREATED] === 0 ? undefined : '',
    federatedProvider: text(at.federatedProvider),
    issuedTo: text(at.issuedTo),
    identityStore: text(at.identityStore),
  })

  const hasParameters = (): boolean => {
    for (let column = PARAMETERS; column < KEY; column++) if (row[column] !== 0) return true
    return false
  }

  const parametersOfRow = (): Event['requestParameters'] =>
    readParameters({
      roleArn: text(at.roleArn),
      roleSessionName: text(SESSION_NAME),
      secretId: text(at.secretId),
      name: text(at.name),
      path: text(at.path),
      keyId: text(at.keyId),
      clusterName: text(at.clusterName),
      encryptionContext: {
        SecretARN: text(at.contextSecret),
        PARAMETER_ARN: text(at.contextParameter),
      },
      secretIdList: json(at.secretIdList),
      names: json(at.names),
      tags: json(at.tags),
      principalTags: json(at.principalTags),
    })

  const newEffect = (): number => {
    const event = eventOfRow()
    const account = accountOf(event, scopeName)
    if (!isSkip(account)) return book.effect(effectOf(event, account))
    return book.effect({
      account,
      skip: account,
      outcome: 'done',
      region: undefined,
      statements: [],
    })
  }

  const effectOfRow = (): number => {
    const number = rows.find(row)
    if (number >= 0) return numbers[number]!
    const effect = newEffect()
    if (generation !== book.generation()) {
      // Older numbers are no longer good; texts of this row go with them, and are read again with the next event.
      forget()
      return effect
    }
    numbers.push(effect)
    return effect
  }

  const count = (bytes: Uint8Array): SkipReason | undefined => {
    const effect = effectOfRow()
    const own = book.marksOf(effect)
    if ((own & marks.isSkipped) !== 0) return book.effectOf(effect).skip
    const session = (own & marks.inSession) === 0 ? 0 : ownSession(bytes)
    const made = (own & marks.mints) === 0 ? 0 : sessionAt(bytes, field.sessionKeyId)
    const when = starts[field.eventTime]! < 0 ? field['@timestamp'] : field.eventTime
    book.count(effect, session, made, starts[when]! < 0 ? Number.NaN : timeIn(bytes, starts[when]!, ends[when]!), place)
    return undefined
  }

  const ownSession = (bytes: Uint8Array): number => {
    const who = found.identity()
    if (who < 0 || versions[who] !== found.identityVersion(who)) return sessionAt(bytes, field.accessKeyId)
    const known = callers[who * WHO + WHO_SESSION]!
    return known >= 0 ? known : (callers[who * WHO + WHO_SESSION] = sessionAt(bytes, field.accessKeyId))
  }

  const sessionAt = (bytes: Uint8Array, number: number): number =>
    starts[number]! < 0 || starts[number] === ends[number]
      ? 0
      : book.sessions.numberOf(bytes, starts[number]!, ends[number]!)

  return {
    taken: () => taken,
    begin: found.begin,
    take(from, start, limit, where) {
      const end = found.scan(from, start, limit, where)
      if (end < 0) return -1
      const bytes = found.bytes()
      if (starts[field.eventSource]! < 0 || starts[field.eventName]! < 0) return -1
      const id = starts[field.eventID]!
      if (id < 0 || ends[field.eventID]! - id !== 36 || !readUuid(bytes, id, place.words)) return -1
      if (generation !== book.generation() || texts.bytes() > BYTES || rows.count() > ROWS) forget()
      if (!readRow(bytes)) return -1
      place.file = file()
      taken = seen.firstWords(place.words) ? count(bytes) : 'merged'
      return end
    },
  }
}

const noParameters = readParameters({})
const noReply = readReply({})
/** Stands for the key of any session. */
const SESSION_KEY = 'ASIA'

function isSessionKey(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < 0 || end - start < 4) return false
  if (bytes[start] !== 0x41 || bytes[start + 1] !== 0x53 || bytes[start + 2] !== 0x49 || bytes[start + 3] !== 0x41)
    return false
  for (let at = start + 4; at < end; at++) {
    const byte = bytes[at]!
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a))) return false
  }
  return true
}

function kindOfCall(name: string): number {
  if (isUncommon(name) || name === POD_IDENTITY || name === 'ConsoleLogin') return UNCOMMON
  return mintCalls.has(name) || readingCalls.has(name) ? WITH_PARAMETERS : PLAIN
}
