import { LinksReply } from '../../../../graph/wire-links.ts'
import type { WhyReply } from '../../../../graph/wire.ts'
import { ask, forget, type Failure } from '../../api/ask.ts'
import { refresh } from '../../api/live.ts'
import { say } from '../../app/say.ts'
import { act } from '../../app/undo.ts'

type Hop = WhyReply['paths'][number]['hops'][number]
type Suggested = LinksReply['open'][number]

/** The likely link that a hop stands on; undefined where sources say it for certain: that is mended in the source. */
export function likelyLink(open: readonly Suggested[], hop: Hop): Suggested | undefined {
  const ends = (one: Suggested): string => [one.from.thing?.id, one.to.thing?.id].sort().join(' ')
  const hopEnds = [hop.from.id, hop.to.id].sort().join(' ')
  return open.find((one) => one.kind === hop.kind && ends(one) === hopEnds)
}

const send = (method: string, path: string, body?: object) =>
  ask(LinksReply, `/api/connections${path}`, { method, ...(body && { body }) })

/** States it, and remembers how to take it back: every answer is asked for again each time. */
async function keep(
  title: string,
  make: () => ReturnType<typeof send>,
  idOf: (reply: LinksReply) => string | undefined,
) {
  const outcome = await make()
  if (!outcome.ok) return outcome.failure
  const id = idOf(outcome.reply)
  const again = (words: string, asked: ReturnType<typeof send>): void =>
    void asked.then((next) => {
      if (!next.ok) return say(next.failure.message)
      forget()
      say(words)
      refresh()
    })
  let isFirst = true
  act({
    title,
    redo: () => {
      if (!isFirst) again(`Stated again: ${title}`, make())
      isFirst = false
    },
    undo: () => id !== undefined && again(`Taken back: ${title}`, send('DELETE', `/${id}`)),
  })
  forget()
  say(`Stated: ${title}. Undo takes it back.`)
  refresh()
  return null
}

/** A likely link of a path is wrong, because of `note`. It stays so over later imports. */
export const rejectLink = (link: Suggested, note: string): Promise<Failure | null> =>
  keep(
    `“${link.sentence}” is wrong`,
    () => send('PUT', `/${link.id}`, { decision: 'rejected', note }),
    () => link.id,
  )

/** A user of a credential that no source shows. */
export const stateUser = (
  user: { readonly id: string; readonly name: string },
  subject: { readonly id: string; readonly name: string },
  note: string,
): Promise<Failure | null> =>
  keep(
    `${user.name} uses ${subject.name}`,
    () => send('POST', '', { kind: 'USES_CREDENTIAL', from: user.id, to: subject.id, note }),
    (reply) => reply.decided.find((one) => one.from.thing?.id === user.id && one.to.thing?.id === subject.id)?.id,
  )
