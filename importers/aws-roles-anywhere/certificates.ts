import { createHash, X509Certificate } from 'node:crypto'

/** What is kept of a certificate: which one it is, whose, whose word stands for it, and until when. */
export interface Certificate {
  /** Digest of the certificate itself: two sources that have it mean one thing. */
  readonly key: string
  readonly subject: string
  readonly issuer: string
  readonly serial: string
  readonly expiresAt: string | undefined
}

const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'
const MOST = 20

/** The certificates of a PEM bundle, or of one in base64; what is none is left out. */
export function certificatesIn(data: string | undefined): readonly Certificate[] {
  if (data === undefined) return []
  const found: Certificate[] = []
  if (!data.includes(BEGIN)) return [read(Buffer.from(data, 'base64'))].filter((one) => one !== undefined)
  for (let at = data.indexOf(BEGIN); at >= 0 && found.length < MOST; at = data.indexOf(BEGIN, at + 1)) {
    const end = data.indexOf(END, at)
    if (end < 0) break
    const one = read(data.slice(at, end + END.length))
    if (one !== undefined) found.push(one)
  }
  return found
}

function read(bytes: Buffer | string): Certificate | undefined {
  try {
    const certificate = new X509Certificate(bytes)
    const ends = new Date(certificate.validTo)
    return {
      key: `x509:sha256:${createHash('sha256').update(certificate.raw).digest('hex')}`,
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      serial: certificate.serialNumber.toLowerCase(),
      expiresAt: Number.isNaN(ends.getTime()) ? undefined : ends.toISOString().replace('.000Z', 'Z'),
    }
  } catch {
    return undefined
  }
}

/** `C=US\nCN=web` and `CN=web,C=US` are one name: its parts in order. Addresses of persons are left out. */
export function nameOf(name: string): string {
  return name
    .split(/[\n,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.includes('@'))
    .sort()
    .join(',')
    .slice(0, 512)
}
