/**
 * SHA-256 (FIPS 180-4) of the UTF-8 bytes of a text, for the making of ids: some millions a build, of short texts. It
 * runs in the browser too, where the platform's own is asynchronous. Keeps its state between calls and allocates
 * nothing. The test holds it against @noble/hashes. Where the platform has a synchronous one, that is asked.
 */

const ROUNDS = 64
const BLOCK = 64
/** Of a short text: 55 bytes, the mark and the length fill one block. */
let bytes = new Uint8Array(4 * BLOCK)
const schedule = new Int32Array(ROUNDS)
const state = new Int32Array(8)

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
// prettier-ignore
const constants = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
)
/** The same of the square roots of the first eight. */
// prettier-ignore
const start = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
)

/** SHA-256 of the UTF-8 bytes of a text, as 32 characters of a byte each. */
export type PlatformSha256 = (text: string) => string

let platform: PlatformSha256 | undefined

/** From now on this one is asked in this thread; undefined: the one below. */
export function usePlatformSha256(hash: PlatformSha256 | undefined): void {
  platform = hash
}

/** The eight words of the digest. The same array each time: take from it what is needed before the next call. */
export function sha256Words(text: string): Int32Array {
  return platform ? wordsOf(platform(text)) : digest(text)
}

function wordsOf(characters: string): Int32Array {
  for (let i = 0, at = 0; i < state.length; i++, at += 4)
    state[i] =
      (characters.charCodeAt(at) << 24) |
      (characters.charCodeAt(at + 1) << 16) |
      (characters.charCodeAt(at + 2) << 8) |
      characters.charCodeAt(at + 3)
  return state
}

function digest(text: string): Int32Array {
  const length = encoded(text)
  const padded = ((length + 8) >>> 6) * BLOCK + BLOCK
  bytes[length] = 0x80
  bytes.fill(0, length + 1, padded)
  const high = Math.floor(length / 2 ** 29)
  for (let i = 0; i < 4; i++) {
    bytes[padded - 5 - i] = high >>> (8 * i)
    bytes[padded - 1 - i] = (length << 3) >>> (8 * i)
  }
  state.set(start)
  for (let at = 0; at < padded; at += BLOCK) block(at)
  return state
}

/** Number of bytes put into `bytes`, which has room for the padding behind them. Half a surrogate pair is U+FFFD. */
function encoded(text: string): number {
  if (bytes.length < 3 * text.length + 2 * BLOCK) bytes = new Uint8Array(6 * text.length + 2 * BLOCK)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code < 0x80) {
      bytes[at++] = code
      continue
    }
    if (code >= 0xd800 && code < 0xe000) {
      const next = code < 0xdc00 ? text.charCodeAt(i + 1) : NaN
      const isPair = next >= 0xdc00 && next < 0xe000
      code = isPair ? ((code - 0xd800) << 10) + (next - 0xdc00) + 0x10000 : 0xfffd
      if (isPair) i++
    }
    if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6)
    else {
      if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12)
      else {
        bytes[at++] = 0xf0 | (code >> 18)
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f)
      }
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f)
    }
    bytes[at++] = 0x80 | (code & 0x3f)
  }
  return at
}

function block(from: number): void {
  const w = schedule
  for (let i = 0, at = from; i < 16; i++, at += 4)
    w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  for (let i = 16; i < ROUNDS; i++) {
    const x = w[i - 15]!
    const y = w[i - 2]!
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + w[i]!) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0]! + a) | 0
  state[1] = (state[1]! + b) | 0
  state[2] = (state[2]! + c) | 0
  state[3] = (state[3]! + d) | 0
  state[4] = (state[4]! + e) | 0
  state[5] = (state[5]! + f) | 0
  state[6] = (state[6]! + g) | 0
  state[7] = (state[7]! + h) | 0
}
