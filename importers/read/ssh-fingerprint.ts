import { createHash } from 'node:crypto'

/**
 * `SHA256:…` of a line of a public key (`ssh-ed25519 AAAA… comment`), as `ssh-keygen -l` prints it. Undefined where it is
 * none: examples and exports may be cut.
 */
export function sshFingerprint(line: string): string | undefined {
  const material = line.trim().split(' ')[1] ?? ''
  const bytes = Buffer.from(material, 'base64')
  if (bytes.length < 32 || unpadded(bytes.toString('base64')) !== unpadded(material)) return undefined
  return `SHA256:${unpadded(createHash('sha256').update(bytes).digest('base64'))}`
}

const unpadded = (text: string): string => text.replaceAll('=', '')
