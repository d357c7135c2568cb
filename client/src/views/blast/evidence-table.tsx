import type { WhyReply } from '../../../../graph/wire.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact } from '../../model/verdict.ts'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { strengthWords } from './strength.ts'

/** What every hop stands on: source, file, record, first and last seen. */
export function EvidenceTable({ path }: { path: WhyReply['paths'][number] }) {
  return (
    <div class="evidence" role="region" aria-label="Evidence" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Hop</th>
            <th scope="col">Known how</th>
            <th scope="col">Source</th>
            <th scope="col">File</th>
            <th scope="col">Record</th>
            <th scope="col" class="number">
              Seen
            </th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {path.hops.flatMap((hop) => [
            ...hop.evidence.map((item, i) => (
              <tr key={`${hop.to.id} ${i}`}>
                <th scope="row">
                  {hop.verb} <Name value={hop.to.name} tip />
                </th>
                <td>{strengthWords[item.kind].word}</td>
                <td>
                  <Name value={item.source} tip />
                  {item.note !== undefined && (
                    <span class="mut sub">
                      <Name value={item.note} tip />
                    </span>
                  )}
                </td>
                <td class="code">{item.file !== undefined ? <Name value={item.file} tip /> : '–'}</td>
                <td class="code">{item.record !== undefined ? <Name value={item.record} tip /> : '–'}</td>
                <td class="number">{item.count === undefined ? '' : exact(item.count)}</td>
                <td>{item.lastSeen !== undefined ? <Moment at={item.lastSeen} /> : '–'}</td>
              </tr>
            )),
            ...hop.assumed.map((entry) => (
              <tr key={`${hop.to.id} ${entry.what}`}>
                <th scope="row">
                  {hop.verb} <Name value={hop.to.name} tip />
                </th>
                <td>assumed</td>
                <td colSpan={5}>{cleanText(entry.words)}</td>
              </tr>
            )),
          ])}
        </tbody>
      </table>
    </div>
  )
}
