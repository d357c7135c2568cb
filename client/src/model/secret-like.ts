/** Why a text is kept in the browser, in words for the person who pasted it. */
export interface SecretLike {
  readonly looksLike: string
}

const prefixes: readonly (readonly [string, string])[] = [
  ['ghp_', 'a GitHub token'],
  ['gho_', 'a GitHub token'],
  ['ghu_', 'a GitHub token'],
  ['ghs_', 'a GitHub token'],
  ['ghr_', 'a GitHub token'],
  ['github_pat_', 'a GitHub token'],
  ['glpat-', 'a GitLab token'],
  ['gldt-', 'a GitLab token'],
  ['glrt-', 'a GitLab token'],
  ['xox', 'a Slack token'],
  ['xapp-', 'a Slack token'],
  ['hvs.', 'a Vault token'],
  ['hvb.', 'a Vault token'],
  ['hvr.', 'a Vault token'],
  ['sk_live_', 'a Stripe key'],
  ['rk_live_', 'a Stripe key'],
  ['sk_test_', 'a Stripe key'],
  ['sk-', 'an API key'],
  ['AIza', 'a Google API key'],
  ['ya29.', 'a Google access token'],
  ['GOCSPX-', 'a Google client secret'],
  ['npm_', 'an npm token'],
  ['pypi-', 'a PyPI token'],
  ['SG.', 'a SendGrid key'],
  ['dop_v1_', 'a DigitalOcean token'],
  ['dckr_pat_', 'a Docker token'],
  ['shpat_', 'a Shopify token'],
  ['AGE-SECRET-KEY-', 'an age key'],
]
const PREFIX_MIN = 14
const TOKEN_MIN = 24

/**
 * Does this text look like a secret rather than the name of one? Such a text is never sent, stored or put into the URL.
 * When in doubt it says yes: a masked id costs a word, a sent secret cannot be called back. Ids of known form pass:
 * access key ids, ARNs, UUIDs, paths, host names, fingerprints with colons.
 */
export function secretLike(text: string): SecretLike | null {
  const sample = text.slice(0, 8_192)
  if (sample.includes('-----BEGIN') || sample.includes('PuTTY-User-Key-File'))
    return { looksLike: 'a private key or certificate' }
  for (const word of sample.split(/\s+/)) {
    const found = ofWord(word)
    if (found) return found
  }
  return null
}

function ofWord(word: string): SecretLike | null {
  if (word.length < PREFIX_MIN) return null
  if (word.startsWith('SHA256:')) return null
  if (isAwsSecretKey(word)) return { looksLike: 'an AWS secret access key' }
  const url = credentialInUrl(word)
  if (url) return url
  for (const piece of [word, ...word.split(/[/\\:=?&,;"'`<>()[\]{}@#|]/)]) {
    const found = ofPiece(piece)
    if (found) return found
  }
  return null
}

function ofPiece(piece: string): SecretLike | null {
  if (piece.length >= PREFIX_MIN) {
    const known = prefixes.find(([prefix]) => piece.startsWith(prefix))
    if (known) return { looksLike: known[1] }
  }
  if (piece.startsWith('eyJ') && piece.length >= TOKEN_MIN) return { looksLike: 'a signed token (JWT)' }
  if (piece.length < TOKEN_MIN || isKnownId(piece) || /[/:]/.test(piece)) return null
  return isRandom(piece) ? { looksLike: 'random characters, as secrets are' } : null
}

/** 40 characters of base64 with upper, lower, digit: the secret half of an access key. */
const isAwsSecretKey = (word: string): boolean =>
  /^[A-Za-z0-9+/]{40}$/.test(word) && classes(word) >= 3 && entropy(word) > 4.2 && !/^[a-z0-9/]+$/.test(word)

/** `scheme://user:password@host`. */
function credentialInUrl(word: string): SecretLike | null {
  const scheme = word.indexOf('://')
  if (scheme < 1) return null
  const authority = word.slice(scheme + 3).split('/')[0]!
  const at = authority.lastIndexOf('@')
  return at > 0 && authority.slice(0, at).includes(':') ? { looksLike: 'an address with a password in it' } : null
}

const isKnownId = (piece: string): boolean =>
  /^A[A-Z]{3}[A-Z0-9]{16,17}$/.test(piece) ||
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(piece) ||
  /^[a-z]+-[0-9a-f]{17}$/.test(piece) ||
  /^[0-9]+$/.test(piece)

/** Names are words joined by signs; secrets have long stretches that are not. */
function isRandom(piece: string): boolean {
  if (/^[0-9a-fA-F]{32,}$/.test(piece)) return entropy(piece) > 3
  const longest = Math.max(...piece.split(/[-._~+=%$!*^]/).map((part) => part.length))
  if (longest < 20) return piece.length >= 32 && classes(piece) === 4 && entropy(piece) > 4.4
  return classes(piece) >= 3 && digits(piece) >= 2 && entropy(piece) > 3.9
}

const digits = (text: string): number => text.replace(/[^0-9]/g, '').length
const classes = (text: string): number =>
  [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length

/** Shannon entropy, bits a character. */
function entropy(text: string): number {
  const seen = new Map<string, number>()
  for (const char of text) seen.set(char, (seen.get(char) ?? 0) + 1)
  let bits = 0
  for (const n of seen.values()) bits -= (n / text.length) * Math.log2(n / text.length)
  return bits
}
