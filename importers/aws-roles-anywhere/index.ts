import type { SkipReason } from '../../graph/facts.ts'
import type { FileReport, Importer, InputFile, RunContext } from '../importer.ts'
import { awsReplies, firstName } from '../read/aws-replies.ts'
import {
  readCrl,
  readProfile,
  readSubject,
  readTrustAnchor,
  tellTogether,
  type Found,
  type Outcome,
  type Place,
} from './map.ts'

/** Replies of `aws rolesanywhere`: whose certificates are believed, and which roles they lead to. */
export const awsRolesAnywhere: Importer = {
  id: 'aws-roles-anywhere',
  title: 'AWS IAM Roles Anywhere',
  reads:
    'IAM Roles Anywhere: trust anchors, profiles, subjects with their certificates, revocation lists (JSON replies)',
  collect: 'aws rolesanywhere list-trust-anchors --output json > trust-anchors.json',
  emits: [
    'aws.account',
    'aws.identity_provider_or_trust_anchor',
    'aws.roles_anywhere_profile',
    'aws.federated_principal',
    'aws.iam_role',
    'ca.issuer',
    'tls.certificate',
  ],
  blindTo: [
    'where the private keys of the certificates are',
    'certificates that an authority issued and that never came',
    'which profile and role a subject asked for',
    'regions and accounts that were not listed',
  ],
  nature: 'snapshot',
  detect: ({ head }) => (readers.has(firstName(head) ?? '') && head.includes(':rolesanywhere:') ? 0.95 : 0),
  begin,
}

const readers = new Map<string, (item: unknown, place: Place) => Outcome>([
  ['trustAnchors', readTrustAnchor],
  ['trustAnchor', readTrustAnchor],
  ['profiles', readProfile],
  ['profile', readProfile],
  ['subjects', readSubject],
  ['subject', readSubject],
  ['crls', readCrl],
  ['crl', readCrl],
])

function begin(context: RunContext) {
  const found: Found = { profiles: [], subjects: [], authorities: new Map(), issued: [] }
  let last: FileReport | undefined
  const sinkOf = (account: string) => {
    const sink = context.scope({ id: `aws/${account}`, title: `AWS account ${account}`, complete: false })
    sink.entity({ id: `aws:account:${account}`, kind: 'aws.account', name: account })
    return sink
  }
  return {
    async file(input: InputFile, report: FileReport): Promise<void> {
      last = report
      const skip = (reason: SkipReason, where: string): void => {
        report.read?.()
        report.skipped(reason, where)
      }
      for await (const { where, body } of awsReplies(input, skip)) {
        const name = Object.keys(body).find((one) => readers.has(one))
        if (name === undefined) {
          skip('unknown-type', where || '/')
          continue
        }
        const value = body[name]
        const items = Array.isArray(value) ? value : [value]
        if (items.length === 0) skip('empty', `${where}/${name}`)
        items.forEach((item, at) => {
          const record = `${where}/${name}${Array.isArray(value) ? `/${at}` : ''}`
          const outcome = readers.get(name)!(item, { file: input.name, record, sinkOf, found })
          if (outcome !== 'mapped') return skip(outcome, record)
          report.read?.()
          report.mapped()
        })
      }
    },
    end(): void {
      if (tellTogether(found)) last?.note('There are too many subjects and profiles: not each pair of them is told.')
    },
  }
}
