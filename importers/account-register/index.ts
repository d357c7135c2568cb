import type { Importer, InputFile, Probe, RunContext } from '../importer.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { mapApplication } from './map.ts'
import { Application } from './records.ts'

/** A platform's register of its accounts: one JSON an application, with owner, access and the repositories it trusts. */
export const accountRegister: Importer = {
  id: 'account-register',
  title: 'Account register',
  reads:
    'environments/*.json of a Modernisation Platform: accounts of each application, owners, SSO groups, trusted repositories',
  collect: 'git clone --depth 1 REPOSITORY',
  emits: ['aws.account', 'business.system', 'business.team', 'generic.identity', 'github.repository'],
  blindTo: [
    'the numbers of the accounts, and what is in them',
    'who is in an SSO group, and what a level of access allows',
    'the role that a trusted repository assumes',
  ],
  nature: 'asserted',
  detect,
  begin(context: RunContext) {
    const read: { readonly application: Application; readonly file: string }[] = []
    return {
      async file(input: InputFile, report) {
        const text = await input.text()
        report.read?.()
        if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return report.skipped('too-deep', '/')
        let document: unknown
        try {
          document = JSON.parse(text)
        } catch {
          return report.skipped('not-json', '/')
        }
        const application = Application.safeParse(document).data
        if (!application) return report.skipped('unreadable-record', '/')
        read.push({ application, file: input.name })
        report.mapped()
      },
      end() {
        if (read.length === 0) return
        const name = context.scopeName ?? 'accounts'
        const sink = context.scope({ id: `register/${name}`, title: `Account register ${name}`, complete: false })
        for (const { application, file } of read) mapApplication(application, file, sink)
      },
    }
  },
}

function detect({ head }: Probe): number {
  if (head.trimStart()[0] !== '{' || !head.includes('"account-type"') || !head.includes('"environments"')) return 0
  return head.includes('"sso_group_name"') || head.includes('"github-oidc-team-repositories"') ? 0.95 : 0
}
