import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { SignOffsReply, type SignOffPage } from '../../../../graph/wire-cutover.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { at, settled } from '../../app/place.ts'
import { utc } from '../../model/moments.ts'
import { overallRows } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { signOffsUrl } from './plan-calls.ts'
import { SpeaksFor, usualNeed } from './speaks-for.tsx'
import { useMe } from './use-plan.ts'
import { SignForm } from './sign-form.tsx'
import { SignMembers } from './sign-members.tsx'
import { SignNeeds } from './sign-needs.tsx'
import { sentence, windowWords } from './cutover-words.ts'

const opWords: Partial<Record<SignOffPage['op'], string>> = {
  rotate: 'replace',
  'rotate-in-place': 'replace',
  'rotate-users': 'replace',
  revoke: 'revoke',
  disable: 'switch off',
  expire: 'let expire',
  'enforce-vault': 'move into a vault',
  'enforce-jit': 'replace by access on request',
  delete: 'delete',
}

/** The page of whoever is asked to sign: what is asked, what happens to whom, when, the way back, and two answers. */
export function SignView({ plan, credential }: { plan: string; credential: string }) {
  const reply = useReply(SignOffsReply, signOffsUrl(plan, credential), `sign ${plan} ${credential} ${edition.value}`)
  const [answered, answer] = useState<SignOffsReply | null>(null)
  const shown = answered ?? reply.data
  useEffect(() => {
    if (!shown) return
    standsOn(shown.snapshot)
    if (shown.page) here(['Cutover', shown.page.plan.name, 'Sign-off'], `Sign-off: ${shown.page.credential.name}`)
    settled()
  }, [shown])
  useLayoutEffect(
    () =>
      setOfView([
        { id: 'to-approve', title: 'Approve', key: 'a', run: () => document.getElementById('sign-approve')?.focus() },
      ]),
    [],
  )
  return (
    <main class="main sign-page" id="main" data-scroller>
      <Region reply={{ ...reply, data: shown }} skeleton={<Bars rows={6} height={64} />}>
        {(data) =>
          data.page === null ? (
            <h1>This credential is not in the plan</h1>
          ) : (
            <Page
              page={data.page}
              renew={(next) => {
                answer(next)
                if (next === null) reply.retry()
              }}
            />
          )
        }
      </Region>
    </main>
  )
}

interface PageProps {
  readonly page: SignOffPage
  readonly renew: (next: SignOffsReply | null) => void
}

function Page({ page, renew }: PageProps) {
  const { credential, plan, verdict, window, wave } = page
  const me = useMe()
  const [chosen, speakFor] = useState<string | null>(null)
  const system = chosen ?? usualNeed(page, me.data?.name ?? '')
  const end = page.sentence.indexOf('. ')
  const [first, rest] = end < 0 ? [page.sentence, ''] : [page.sentence.slice(0, end + 1), page.sentence.slice(end + 2)]
  const row = overallRows[verdict]
  const doing = opWords[page.op] ?? page.op
  return (
    <article>
      <p class="mut">
        You are asked to agree. Plan{' '}
        <Link to={at('cutover', plan.id, credential.id)}>{<Name value={plan.name} />}</Link>, wave {wave}
      </p>
      <h1>
        May we {doing} <Name value={credential.name} />?
      </h1>
      <p class="mut">
        {credential.title}
        {credential.where !== undefined && (
          <>
            {' · '}
            <Name value={credential.where} />
          </>
        )}
      </p>
      <section class="sign-verdict" aria-label="What happens">
        <p class="with-glyph">
          <Glyph verdict={row.glyph} size={20} />
          <strong>
            <Name value={first} />
          </strong>
        </p>
        {rest !== '' && (
          <p>
            <Name value={rest} />
          </p>
        )}
      </section>
      <dl class="sign-facts">
        <div>
          <dt>When</dt>
          <dd>{windowWords(window.start, window.end)}</dd>
        </div>
        <div>
          <dt>The way back</dt>
          <dd>
            <Name value={sentence(page.rollback)} />
          </dd>
        </div>
      </dl>
      <SpeaksFor page={page} chosen={system} choose={speakFor} />
      <SignMembers page={page} system={system} />
      <SignForm page={page} system={system} me={me.data} renew={renew} />
      <SignNeeds page={page} />
      <p class="mut sub sign-bound">
        What you sign: graph <code>{page.snapshot.id}</code>
        {page.snapshot.at !== null && ` of ${utc(page.snapshot.at)}`}, the set <code>{page.set}</code> of{' '}
        {page.members.length} dependants, this operation and this window. If one of them changes, your sign-off lapses
        by itself and you are asked again.
      </p>
    </article>
  )
}
