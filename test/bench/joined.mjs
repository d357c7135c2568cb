/**
 * Runs (`npm run bench -- … --json`) as one: of a benchmark that was run again the later counts. Numbers are kept to four
 * digits, so that what is committed is small.
 */
export function joined(runs) {
  const rows = new Map()
  const machines = new Set()
  for (const run of runs) {
    for (const one of run.machines ?? [machineOf(run)]) machines.add(one)
    for (const row of run.rows) rows.set(`${row.name} ${row.size}`, { rounds: run.rounds, ...row })
  }
  return { machines: [...machines], rows: [...rows.values()].map(short) }
}

/** As it is committed: a line for each row, so that a benchmark run again is one line of a difference. */
export function runText({ machines, rows }) {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`)
  return `{\n  "machines": ${JSON.stringify(machines)},\n  "rows": [\n${lines.join(',\n')}\n  ]\n}\n`
}

function machineOf({ node, machine }) {
  return `${machine.cores} cores (${machine.processor}), ${machine.memoryGB} GB of memory, Node ${node}`
}

/** The row of one benchmark at one size; undefined where it was not run. */
export const rowOf = ({ rows }, name, size) => rows.find((one) => one.name === name && one.size === size)

function short(value) {
  if (typeof value === 'number') return Number(value.toPrecision(4))
  if (Array.isArray(value)) return value.map(short)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, short(one)]))
}
