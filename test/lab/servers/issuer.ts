import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Issuer {
  readonly port: number
  readonly clients: Map<string, string>
  stop(): Promise<void>
}

/**
 * A service that trades a client's secret for a signed token, and an API that believes the token until it ends, as
 * OAuth's client credentials with self-contained tokens do (RFC 6749, RFC 9068). Ours, so this part is simulated.
 * @param lifetime milliseconds that a token is believed.
 */
export function startIssuer(lifetime: number): Promise<Issuer> {
  const key = randomBytes(32)
  const clients = new Map<string, string>()
  const sign = (until: number): string => `${until}.${createHmac('sha256', key).update(String(until)).digest('hex')}`
  const isGood = (token: string): boolean => {
    const until = Number(token.split('.')[0])
    const [given, made] = [Buffer.from(token), Buffer.from(sign(until))]
    return given.length === made.length && timingSafeEqual(given, made) && Date.now() < until
  }
  const routes: Record<string, (sent: string) => string | undefined> = {
    '/token': (sent) => {
      const [user = '', password] = Buffer.from(sent.replace('Basic ', ''), 'base64').toString().split(':')
      return clients.get(user) === password ? JSON.stringify({ token: sign(Date.now() + lifetime) }) : undefined
    },
    '/api': (sent) => (isGood(sent.replace('Bearer ', '')) ? 'good' : undefined),
  }
  return listening((request, response) => {
    const body = routes[request.url ?? '']?.(request.headers.authorization ?? '')
    response.writeHead(body === undefined ? 401 : 200).end(body)
  }).then((server) => ({ ...server, clients }))
}

/** A service that answers 200 while what it rests on works. */
export function startFront(works: () => Promise<boolean>): Promise<{ readonly port: number; stop(): Promise<void> }> {
  return listening((_, response) => {
    void works().then((good) => response.writeHead(good ? 200 : 503).end())
  })
}

function listening(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer(answer)
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () =>
      done({
        port: (server.address() as AddressInfo).port,
        stop: () =>
          new Promise((over) => {
            server.closeAllConnections()
            server.close(() => over())
          }),
      }),
    ),
  )
}
