export type ArchiveForm = 'gzip' | 'zip' | 'tar' | 'plain'

const TAR_HEADER = 512
const CHECKSUM_AT = 148
const CHECKSUM_LENGTH = 8

/** How a file is packed, by its first bytes (512 are enough). Names say nothing: exports get renamed. */
export function archiveForm(head: Uint8Array): ArchiveForm {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  const emptyOrFilledZip = (head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6)
  if (head[0] === 0x50 && head[1] === 0x4b && emptyOrFilledZip) return 'zip'
  return isTarHeader(head) ? 'tar' : 'plain'
}

/** The sum over a tar header with its own field read as blanks: true of old tar files that lack the word `ustar`, too. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < TAR_HEADER || head[0] === 0) return false
  let sum = 0
  for (let i = 0; i < TAR_HEADER; i++) {
    sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH ? 0x20 : head[i]!
  }
  const field = String.fromCharCode(...head.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_LENGTH))
  const digits = field.replaceAll('\0', ' ').trim()
  return digits.length > 0 && Number.parseInt(digits, 8) === sum
}
