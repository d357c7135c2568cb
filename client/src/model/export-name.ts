/** `keyfall-blast-AKIAxQK7-20261120T0400Z.svg`: what, of whom, as of when. */
export function exportName(what: string, subject: string, at: string | null, ending: string): string {
  const name = subject.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 40)
  const moment = at === null ? '' : `${at.replace(/[-:]/g, '').slice(0, 13)}Z`
  return `${['keyfall', what, name, moment].filter(Boolean).join('-')}.${ending}`
}
