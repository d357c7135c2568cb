import { fc, test } from '@fast-check/vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { awsRolesAnywhere } from './index.ts'

const folder = new URL('./fixtures/', import.meta.url)
const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]))
const found = await runInMemory(awsRolesAnywhere, files)
const arn = (resource: string) => `arn:aws:rolesanywhere:eu-west-1:111122223333:${resource}`
const from = (id: string, kind: string) =>
  found.relationships.filter((one) => one.from === id && one.kind === kind).map(({ to }) => to)
const entity = (id: string) => found.entities.find((one) => one.id === id && one.evidence)

describe('IAM Roles Anywhere', () => {
  it('claims every reply and accounts for every record', () => {
    expect(found.claimed.sort()).toEqual(Object.keys(files).sort())
    expect(unaccounted(found)).toEqual([])
    expect(found.files.flatMap(({ skipped }) => skipped.map(({ reason }) => reason))).toEqual(['masked-identifier'])
  })

  it('keeps no address, session policy or text of a certificate', () => {
    expect(JSON.stringify(files)).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('BEGIN CERTIFICATE')
  })

  it('lets a trust anchor depend on its authority, which can take it over', () => {
    const anchor = arn('trust-anchor/0aa0aa0a')
    const authority = 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0cc0cc0c'
    expect(from(anchor, 'DEPENDS_ON')).toEqual([authority])
    expect(from(authority, 'CAN_ESCALATE_TO')).toEqual([anchor])
    expect(entity(authority)).toMatchObject({ kind: 'ca.issuer' })
    expect(found.entities.filter(({ id }) => id === anchor).at(-1)?.props).toEqual({ hasRevocationList: true })
  })

  it('leads from a subject over a profile that is switched on to its roles, as a permission', () => {
    const profile = arn('profile/0dd0dd0d')
    expect(from(arn('subject/0ee0ee0e'), 'ASSUMES')).toEqual([profile])
    expect(from(profile, 'ASSUMES')).toEqual(['arn:aws:iam::111122223333:role/backup'])
    expect(from(arn('profile/0ff0ff0f'), 'ASSUMES')).toEqual([])
    const assumes = found.relationships.filter(({ kind }) => kind === 'ASSUMES')
    expect(assumes.every(({ confidence }) => confidence === 'none')).toBe(true)
    expect(assumes.find((one) => one.from === profile)?.props?.['conditions']).toContain(
      'session policy of the profile',
    )
    expect(entity(arn('subject/0ee0ee0e'))).toMatchObject({ name: 'CN=backup-01,O=Example' })
  })

  it('joins a certificate with the authority that issued it, and its subject with the anchor', () => {
    const subject = arn('subject/0e10e10e')
    const certificate = found.relationships.find(({ kind, to }) => kind === 'AUTHENTICATES_AS' && to === subject)!.from
    expect(entity(certificate)).toMatchObject({
      kind: 'tls.certificate',
      props: { lastUsedAt: '2026-11-18T00:00:00Z' },
    })
    expect(entity(certificate)!.props!['expiresAt']).toMatch(/^20\d\d-/)
    const [authority] = from(certificate, 'ISSUED_BY')
    expect(entity(authority!)).toMatchObject({ kind: 'ca.issuer', name: 'CN=Example Root,O=Example' })
    expect(from(subject, 'DEPENDS_ON')).toEqual([arn('trust-anchor/0a10a10a')])
  })

  test.prop([fc.constantFrom(...Object.keys(files)), fc.nat(), fc.constantFrom('', '0', '"', '{', ']', 'null')])(
    'survives a change at any place',
    async (name, seed, put) => {
      const text = files[name]!
      const at = seed % text.length
      const outcome = await runInMemory(awsRolesAnywhere, { [name]: text.slice(0, at) + put + text.slice(at + 1) })
      expect(unaccounted(outcome)).toEqual([])
    },
  )
})
