import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { program } from './process.ts'

export interface Authority {
  readonly cert: string
  readonly key: string
}
export interface TlsServer {
  readonly port: number
  /** New handshakes use these files from now on. */
  use(files: { cert: string; key: string; ca?: string }): void
  stop(): Promise<void>
}

export const tlsPrograms = ['openssl']

/** Makes authorities and certificates with OpenSSL. Valid to whole seconds, as X.509 is. */
export function openCertificates(folder: string): {
  authority(name: string): Authority
  issue(by: Authority, name: string, until: Date): { cert: string; key: string }
} {
  const home = join(folder, 'tls')
  mkdirSync(home, { recursive: true })
  const openssl = (...args: string[]): void =>
    void execFileSync(program('openssl')!, args, { cwd: home, stdio: 'ignore' })
  const at = (date: Date): string => `${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
  const request = (name: string): string => {
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    )
    return `${name}.csr`
  }
  const sign = (name: string, until: Date, extensions: string, by: readonly string[]): void => {
    writeFileSync(join(home, `${name}.ext`), extensions)
    writeFileSync(join(home, `${name}.db`), '')
    writeFileSync(
      join(home, `${name}.cnf`),
      [
        '[ca]\ndefault_ca=lab',
        `[lab]\ndatabase=${name}.db\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nunique_subject=no`,
        '[any]\ncommonName=supplied',
      ].join('\n'),
    )
    openssl(
      'ca',
      '-batch',
      '-config',
      `${name}.cnf`,
      '-in',
      request(name),
      '-out',
      `${name}.crt`,
      '-notext',
      '-extfile',
      `${name}.ext`,
      '-startdate',
      '20200101000000Z',
      '-enddate',
      at(until),
      ...by,
    )
  }
  return {
    authority(name) {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.crt`,
        '-subj',
        `/CN=${name}`,
        '-days',
        '1',
      )
      return { cert: join(home, `${name}.crt`), key: join(home, `${name}.key`) }
    },
    issue(by, name, until) {
      sign(name, until, 'subjectAltName=DNS:lab.example\n', ['-cert', by.cert, '-keyfile', by.key])
      return { cert: join(home, `${name}.crt`), key: join(home, `${name}.key`) }
    },
  }
}

/** Echoes what it is sent. With `ca`, only clients with a certificate of that authority get in. */
export async function startTls(files: { cert: string; key: string; ca?: string }): Promise<TlsServer> {
  const read = ({ cert, key, ca }: { cert: string; key: string; ca?: string }) => ({
    cert: readFileSync(cert),
    key: readFileSync(key),
    ...(ca !== undefined && { ca: readFileSync(ca) }),
  })
  const mutual = files.ca !== undefined
  const server = createServer({ ...read(files), requestCert: mutual, rejectUnauthorized: mutual }, (socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return {
    port: (server.address() as AddressInfo).port,
    use: (next) => server.setSecureContext(read(next)),
    stop: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  }
}
