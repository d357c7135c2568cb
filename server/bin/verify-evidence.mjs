#!/usr/bin/env node
/**
 * Verifies an evidence pack of a plan, offline: plain Node, nothing else. Every pack holds a copy; take this script from
 * a place that you trust, because a pack that was forged would bring a forged one.
 *
 *   node verify-evidence.mjs PACK.zip|FOLDER [--key ID]
 *
 * ID: 16 hex digits that `keyfall audit key` prints, learned on another way than the pack. Exit 0: whole. 1: not, and the
 * first thing that is wrong is named. 2: wrong use.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const OUTSIDE = ['manifest.json', 'manifest.sig']

class Wrong extends Error {}
const wrong = (words) => {
  throw new Wrong(words)
}

/** What is in a pack's archive. It is written in one way only, so another byte anywhere is not the archive as it was made. */
export function readPack(bytes) {
  const files = new Map()
  let at = 0
  while (at + 30 <= bytes.length && bytes.readUInt32LE(at) === 0x04034b50) {
    const size = bytes.readUInt32LE(at + 18)
    const name = bytes.subarray(at + 30, at + 30 + bytes.readUInt16LE(at + 26)).toString('latin1')
    const from = at + 30 + name.length
    if (from + size > bytes.length) wrong(`the archive ends within ${safe(name)}`)
    if (files.has(name)) wrong(`the archive holds ${safe(name)} twice`)
    files.set(name, bytes.subarray(from, from + size))
    at = from + size
  }
  if (files.size === 0) wrong('this is no evidence pack: no archive of one')
  if (!zipOf(files).equals(bytes)) wrong('the archive is not as it was written: something beside its files was changed')
  return files
}

/** Stored, without times: the same files give the same bytes. */
export function zipOf(files) {
  const [parts, list] = [[], []]
  let offset = 0
  for (const [path, content] of files) {
    const name = Buffer.from(path, 'latin1')
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x21, 8)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(content.length, 14)
    fields.writeUInt32LE(content.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), fields, name, content)
    list.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, place, name)
    offset += 30 + name.length + content.length
  }
  const directory = Buffer.concat(list)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.size, 4)
  end.writeUInt16LE(files.size, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}

const crcs = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
function crc32(bytes) {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = crcs[(crc ^ bytes[i]) & 255] ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** Keys sorted, nothing between: what digests and signatures are over. */
function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
/** Names and texts of a pack are not ours until it is verified: nothing that a terminal acts on. */
const safe = (text) => JSON.stringify(String(text).slice(0, 200)).replace(/[^\x20-\x7e]/g, '?')

function json(files, path) {
  try {
    return JSON.parse(files.get(path).toString('utf8'))
  } catch {
    return wrong(`${path} is no JSON`)
  }
}

function isSigned(key, bytes, text) {
  const sig = Buffer.from(String(text), 'base64')
  return sig.toString('base64') === text && verify(null, bytes, key, sig)
}

/** @param files name to bytes @param keyId the key that is expected. Throws with the first thing that is wrong. */
function checked(files, keyId) {
  for (const path of [...OUTSIDE, 'public-key.pem']) if (!files.has(path)) wrong(`${path} is missing`)
  let key
  try {
    key = createPublicKey(files.get('public-key.pem'))
  } catch {
    wrong('public-key.pem is no key')
  }
  if (key.asymmetricKeyType !== 'ed25519') wrong('public-key.pem is no Ed25519 key')
  const id = sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16)
  if (keyId !== undefined && keyId !== id) wrong(`the pack is signed with key ${id}, not with ${safe(keyId)}`)

  const lines = files.get('manifest.sig').toString('latin1').split('\n')
  if (lines.length !== 3 || lines[2] !== '') wrong('manifest.sig is not of two lines')
  if (!isSigned(key, Buffer.from(lines[0], 'latin1'), lines[1]))
    wrong('manifest.sig: the signature is not of this key and text')
  const signed = JSON.parse(lines[0])
  if (signed.key !== id) wrong('manifest.sig names another key')
  if (signed.sha256 !== sha256(files.get('manifest.json'))) wrong('manifest.json is not the one that was signed')

  const manifest = json(files, 'manifest.json')
  if (manifest.format !== 'keyfall.evidence/1') wrong('manifest.json is of another format than this script knows')
  const listed = new Set(OUTSIDE)
  for (const { path, bytes, sha256: sum } of manifest.files) {
    listed.add(path)
    const content = files.get(path)
    if (!content) wrong(`${safe(path)} is missing`)
    if (content.length !== bytes) wrong(`${safe(path)} has ${content.length} bytes, not ${bytes}`)
    if (sha256(content) !== sum) wrong(`${safe(path)} was changed`)
  }
  for (const path of files.keys()) if (!listed.has(path)) wrong(`${safe(path)} is in no manifest: it was added`)

  const extract = checkedExtract(json(files, 'audit/extract.json'), key, id)
  const checkpoint = checkedCheckpoint(signed.checkpoint, key, id, 'manifest.sig')
  if (checkpoint.chain !== extract.chain || checkpoint.seq <= signed.seq || signed.chain !== extract.chain)
    wrong('manifest.sig: its checkpoint does not cover the entry of this pack')
  const kept = json(files, 'plan/kept.json')
  if (kept.id !== manifest.plan.id || kept.log.at(-1).version !== manifest.plan.version)
    wrong('plan/kept.json is not the plan of the manifest')
  for (const one of json(files, 'approvals.json'))
    if (one.plan !== manifest.plan.id) wrong('approvals.json holds one of another plan')
  return { key: id, manifest, entries: extract.lines.length, checkpoints: extract.checkpoints.length }
}

function checkedExtract({ sha256: sum, sig, ...body }, key, id) {
  const digest = createHash('sha256').update(canonical(body)).digest()
  if (body.key !== id) wrong('audit/extract.json names another key')
  if (digest.toString('hex') !== sum || !isSigned(key, digest, sig)) wrong('audit/extract.json is not what was signed')
  let before = 0
  for (const line of body.lines) {
    const { seq, chain } = JSON.parse(line)
    if (chain !== body.chain || seq <= before) wrong(`audit/extract.json: entry ${safe(seq)} is not in its place`)
    before = seq
  }
  const covered = body.checkpoints.map((line) => checkedCheckpoint(line, key, id, 'audit/extract.json').seq)
  if (before > Math.max(0, ...covered)) wrong(`audit/extract.json: no checkpoint covers entry ${before}`)
  return body
}

function checkedCheckpoint(line, key, id, where) {
  const { sig, ...body } = JSON.parse(line)
  if (body.key !== id || !isSigned(key, Buffer.from(canonical(body)), sig))
    wrong(`${where}: a checkpoint is not signed by this key`)
  return body
}

/** Says of files in memory whether they are a pack as it was made. Never throws. */
export function verifyPack(files, { key } = {}) {
  try {
    return { ok: true, ...checked(files, key) }
  } catch (error) {
    return { ok: false, words: error instanceof Wrong ? error.message : 'something in the pack is not of its form' }
  }
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return readPack(readFileSync(path))
  const found = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    found.map((entry) => {
      const full = join(entry.parentPath, entry.name)
      return [full.slice(join(path, '/').length).replaceAll('\\', '/'), readFileSync(full)]
    }),
  )
}

function main([path, flag, key, ...more]) {
  if (!path || (flag !== undefined && (flag !== '--key' || !/^[0-9a-f]{16}$/.test(key ?? ''))) || more.length > 0) {
    console.error('usage: node verify-evidence.mjs PACK.zip|FOLDER [--key ID]')
    return 2
  }
  let files
  try {
    files = filesOf(path)
  } catch (error) {
    console.error(
      error instanceof Wrong ? `NOT WHOLE: ${error.message}` : `cannot read the pack (${error.code ?? 'unknown'})`,
    )
    return error instanceof Wrong ? 1 : 2
  }
  const result = verifyPack(files, flag === undefined ? {} : { key })
  if (!result.ok) {
    console.error(`NOT WHOLE: ${result.words}`)
    return 1
  }
  const { manifest } = result
  console.log(
    `whole: plan ${safe(manifest.plan.name)}, version ${manifest.plan.version}, made ${safe(manifest.made.at)}`,
  )
  console.log(
    `${manifest.files.length} files, ${result.entries} audit entries, ${result.checkpoints} checkpoints, signed with key ${result.key}`,
  )
  if (flag === undefined)
    console.log('whose key that is, this does not say: compare it with `keyfall audit key`, learned on another way')
  for (const { what, why } of manifest.missing) console.log(`not in it: ${safe(what)}: ${safe(why)}`)
  return 0
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = main(process.argv.slice(2))
