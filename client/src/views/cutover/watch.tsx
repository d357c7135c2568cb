import type { RunbookReply } from '../../../../graph/wire-plan.ts'
import { seconds } from '../../model/moments.ts'
import { Name } from '../../ui/name.tsx'
import { Commands } from './commands.tsx'

/** What to look at after the cut, where, what it means, and for how long. */
export function Watch({ watch }: { watch: RunbookReply['watch'] }) {
  return (
    <section class="watch" aria-labelledby="watch">
      <h3 id="watch">
        Watch for {seconds(watch.lasts)} <span class="mut">{watch.why}</span>
      </h3>
      {watch.signals.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Where</th>
              <th scope="col">Signal</th>
              <th scope="col">Means</th>
            </tr>
          </thead>
          <tbody>
            {watch.signals.map(({ where, signal, means }) => (
              <tr key={`${where} ${signal}`}>
                <th scope="row">
                  <Name value={where} />
                </th>
                <td>
                  <Name value={signal} />
                </td>
                <td class="mut">
                  <Name value={means} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {watch.queries.map((query) => (
        <div key={query.title}>
          <p class="sub">
            {query.title} <span class="mut">{query.language}</span>
          </p>
          <Commands run={[query.text]} />
        </div>
      ))}
    </section>
  )
}
