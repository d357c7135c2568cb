/**
 * `npm run check:rooms`: who imports whom, by the rules of .dependency-cruiser.cjs. A rule that saw no module holds
 * always, so the check also fails when one of the rooms was not seen.
 */
import { existsSync } from 'node:fs'
import { cruise } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const rooms = ['graph', 'importers', 'server', 'client', 'test'].filter((room) => existsSync(room))
const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs')
const { output } = await cruise(rooms, { ...options, validate: true }, null, {
  tsConfig: extractTSConfig('./tsconfig.json'),
})

let failed = false
for (const room of rooms) {
  const seen = output.modules.filter((module) => module.source.startsWith(`${room}/`)).length
  if (seen > 0) continue
  failed = true
  console.error(`rooms: no module of ${room}/ was seen: the check would hold whatever is in there`)
}
for (const { rule, from, to } of output.summary.violations) {
  const why = options.ruleSet?.forbidden?.find(({ name }) => name === rule.name)?.comment ?? ''
  console.error(`rooms: ${from} imports ${to}: ${rule.name}${why ? ` (${why})` : ''}`)
  if (rule.severity === 'error') failed = true
}
console.log(`rooms: ${output.modules.length} modules, ${output.summary.totalDependenciesCruised} imports looked at`)
process.exitCode = failed ? 1 : 0
