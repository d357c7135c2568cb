import { useState } from 'preact/hooks'
import { LinksReply } from '../../../../graph/wire-links.ts'
import { FindReply, type Hit, type WhyReply } from '../../../../graph/wire.ts'
import type { Failure } from '../../api/ask.ts'
import { edition } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { FindField } from '../../ui/find-field.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Failed, Region } from '../../ui/region.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { likelyLink, rejectLink, stateUser } from './doubt-links.ts'
import { strengthWords } from './strength.ts'

type Path = WhyReply['paths'][number]

interface DoubtProps {
  readonly subject: { readonly id: string; readonly name: string }
  readonly path: Path | undefined
  readonly close: () => void
}

/** Doubt it: a likely hop is marked wrong, or a user that no source shows is stated; with a reason, to be undone. */
export function Doubt({ subject, path, close }: DoubtProps) {
  const [note, write] = useState('')
  const [failure, fail] = useState<Failure | null>(null)
  const [asking, wait] = useState(false)
  const run = async (what: () => Promise<Failure | null>): Promise<void> => {
    wait(true)
    const failed = await what()
    wait(false)
    fail(failed)
    if (!failed) close()
  }
  const reason = note.trim()
  const off = asking || reason === ''
  return (
    <Dialog label="Doubt it" class="bulk doubt" close={close}>
      <h2>Doubt it</h2>
      <p class="mut">
        What people state stands above what sources say, outlives imports, shows a pencil and is in the audit.
      </p>
      <label class="set-field">
        Why, for the audit
        <input
          id="doubt-note"
          type="text"
          required
          maxLength={200}
          autocomplete="off"
          value={note}
          onInput={(event) => write(event.currentTarget.value)}
        />
      </label>
      {reason === '' && <p class="mut">Nothing can be stated without a reason.</p>}
      {failure && <Failed failure={failure} retry={() => fail(null)} />}
      {path && <Hops path={path} off={off} reject={(link) => void run(() => rejectLink(link, reason))} />}
      <Missing subject={subject} off={off} state={(hit) => void run(() => stateUser(hit, subject, reason))} />
      <p class="acts">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </Dialog>
  )
}

interface HopsProps {
  readonly path: Path
  readonly off: boolean
  readonly reject: (link: LinksReply['open'][number]) => void
}

function Hops({ path, off, reject }: HopsProps) {
  const links = useReply(LinksReply, '/api/connections', `links ${edition.value}`)
  return (
    <section>
      <h3>Is a hop of this path wrong?</h3>
      <Region reply={links} skeleton={<Bars rows={2} height={32} />}>
        {({ open }) => (
          <ol class="doubt-hops">
            {path.hops.map((hop) => {
              const link = likelyLink(open, hop)
              return (
                <li key={hop.to.id}>
                  <span class="grow">
                    <strong>
                      <Name value={hop.from.name} />
                    </strong>{' '}
                    {hop.verb}{' '}
                    <strong>
                      <Name value={hop.to.name} />
                    </strong>
                    <span class="mut sub">
                      {strengthWords[hop.strength].word}: {strengthWords[hop.strength].line}
                      {!link && '; not a guess, so it is mended where it is configured'}
                    </span>
                  </span>
                  {link && (
                    <button type="button" disabled={off} onClick={() => reject(link)}>
                      Mark wrong
                    </button>
                  )}
                </li>
              )
            })}
          </ol>
        )}
      </Region>
    </section>
  )
}

interface MissingProps {
  readonly subject: DoubtProps['subject']
  readonly off: boolean
  readonly state: (user: Hit) => void
}

function Missing({ subject, off, state }: MissingProps) {
  const [q, search] = useState('')
  const [masked, mask] = useState<string | null>(null)
  const query = useSettled(q.trim(), 150)
  const url = query === '' ? null : `/api/find?q=${encodeURIComponent(query)}&limit=30`
  const found = useReply(FindReply, url, url ?? 'nothing')
  const users = found.data?.hits.filter(({ role }) => role === 'workload') ?? []
  return (
    <section>
      <h3>
        Does something use <Name value={subject.name} /> that is not here?
      </h3>
      <FindField id="doubt-find" value={q} search={search} masked={masked} mask={mask} />
      {url !== null && (
        <Region reply={found} skeleton={<Bars rows={2} height={32} />}>
          {() => (
            <ul class="doubt-hops">
              {users.length === 0 && <li class="mut">No workload of that name is known.</li>}
              {users.slice(0, 6).map((hit) => (
                <li key={hit.id}>
                  <span class="grow">
                    <strong>
                      <Name value={hit.name} />
                    </strong>
                    <span class="mut sub">
                      {hit.title}
                      {hit.where !== undefined && (
                        <>
                          , <Name value={hit.where} />
                        </>
                      )}
                    </span>
                  </span>
                  <button type="button" disabled={off} onClick={() => state(hit)}>
                    It uses it
                    <span class="hidden-words">
                      : <Name value={hit.name} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Region>
      )}
    </section>
  )
}
