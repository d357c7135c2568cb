import { canary } from '../canary.mjs'

/** Files of a checkout: `github/owner__name/…`. */
export function repositoryFiles(owner, name, workflows, codeOwners) {
  const folder = `github/${owner}__${name}`
  const files = Object.entries(workflows).map(([file, text]) => [`${folder}/.github/workflows/${file}`, text])
  if (codeOwners) files.push([`${folder}/.github/CODEOWNERS`, `* ${codeOwners}\n`])
  return files
}

/**
 * A workflow of one job. `env`: `[variable, expression]`; `plain`: variables whose value was pasted into the file.
 * `on`: lines of the trigger.
 */
export function workflow({ title, on, job, environment, env = [], plain = [], permissions, steps = [] }) {
  return [
    `name: ${title}`,
    'on:',
    ...on.map((line) => `  ${line}`),
    ...(permissions ? ['permissions:', ...permissions.map((line) => `  ${line}`)] : []),
    'jobs:',
    `  ${job}:`,
    '    runs-on: ubuntu-24.04',
    ...(environment ? [`    environment: ${environment}`] : []),
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...steps.map((line) => `      ${line}`),
    '      - name: run',
    ...(env.length + plain.length > 0 ? ['        env:'] : []),
    ...env.map(([name, expression]) => `          ${name}: \${{ ${expression} }}`),
    ...plain.map((name) => `          ${name}: ${canary(`workflow ${title} ${name}`)}`),
    `        run: make ${job}`,
    '',
  ].join('\n')
}

export const nightly = (cron) => ['schedule:', `  - cron: '${cron}'`]
export const onPush = ['push:', '  branches: [main]']
