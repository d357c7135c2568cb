/**
 * The README's first command as a newcomer runs it: `npm start` in an empty data directory prints a link, says that this
 * is a sample, and answers. Exits 0 when it did.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const data = mkdtempSync(join(tmpdir(), 'keyfall-start-'))
const port = 8431
const server = spawn('npm', ['start'], {
  env: { ...process.env, KEYFALL_DATA: join(data, 'data'), KEYFALL_PORT: String(port) },
  detached: true,
})
let printed = ''
server.stdout.on('data', (text) => (printed += text))
server.stderr.on('data', (text) => (printed += text))

const fail = (why) => {
  console.error(`npm start: ${why}\n${printed.replace(/#k=\S+/g, '#k=…')}`)
  return 1
}

async function main() {
  const link = await waitFor(() => /(http:\/\/\S+?)\/?#k=([\w-]+)/.exec(printed), 120_000)
  if (!link) return fail('printed no link within two minutes')
  const [, origin, token] = link
  if (!/sample/i.test(printed)) return fail('did not say that it is a sample')
  const headers = { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin' }
  const session = await fetch(`${origin}/api/session`, { method: 'POST', headers, body: JSON.stringify({ token }) })
  const cookie = session.headers.get('set-cookie')?.split(';')[0]
  if (!session.ok || !cookie) return fail(`the link did not sign in: ${session.status}`)
  const ask = async (path) => (await fetch(`${origin}${path}`, { headers: { cookie } })).json()
  const home = await ask('/api/home')
  if (!home.snapshot?.sample || home.worst.length === 0) return fail('the sample is not there')
  const blast = await ask(`/api/blast/${home.worst[0].id}`)
  if (!blast.headline?.title) return fail('no answer for the worst credential')
  const page = await fetch(`${origin}/b/${home.worst[0].id}`)
  if (!page.ok || !(await page.text()).includes('<script')) return fail('no page')
  console.log(`npm start: ${home.snapshot.entities} entities, "${blast.headline.title}"`)
  return 0
}

async function waitFor(look, ms) {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const found = look()
    if (found) return found
  }
  return undefined
}

const code = await main()
try {
  process.kill(-server.pid)
} catch {
  // It ended by itself.
}
rmSync(data, { recursive: true, force: true })
process.exit(code)
