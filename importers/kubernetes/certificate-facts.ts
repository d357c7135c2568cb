import { X509Certificate } from 'node:crypto'
import type { Props } from '../../graph/facts.ts'

const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'

/**
 * What the first certificate of a PEM text says in public: who, by whom, until when. Undefined for what is no certificate.
 * The key beside it is never looked at.
 */
export function certificateFacts(pem: string): Props | undefined {
  const from = pem.indexOf(BEGIN)
  const to = pem.indexOf(END, from)
  if (from < 0 || to < 0 || to - from > 100_000) return undefined
  try {
    const certificate = new X509Certificate(pem.slice(from, to + END.length))
    const expiresAt = instantOf(certificate.validTo)
    const issuedAt = instantOf(certificate.validFrom)
    return {
      subject: line(certificate.subject),
      issuer: line(certificate.issuer),
      serial: certificate.serialNumber.slice(0, 100),
      certificateSha256: certificate.fingerprint256.slice(0, 100),
      ...(expiresAt && { expiresAt }),
      ...(issuedAt && { issuedAt }),
      ...namesIn(certificate.subjectAltName),
    }
  } catch {
    return undefined
  }
}

/** `CN=shop\nO=Example` in one line. */
const line = (name: string | undefined): string => (name ?? '').split('\n').join(', ').slice(0, 500)

function instantOf(said: string): string | undefined {
  const at = Date.parse(said)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

function namesIn(alternatives: string | undefined): Props {
  const names = (alternatives ?? '').split(', ').flatMap((one) => (one.startsWith('DNS:') ? [one.slice(4, 257)] : []))
  return names.length > 0 ? { dnsNames: names.slice(0, 50) } : {}
}
