import { createClient } from '@redis/client'
import { freePort, launchServer, program } from './process.ts'

export interface Redis {
  readonly port: number
  /** One command of the administrator: `ACL`, `SETUSER`, … */
  send(...command: string[]): Promise<unknown>
  stop(): Promise<void>
}

export const redisPrograms = ['redis-server']

/** A real Redis without persistence. */
export async function startRedis(folder: string): Promise<Redis> {
  const port = await freePort()
  const server = await launchServer(
    program('redis-server')!,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    port,
  )
  const admin = createClient({ socket: { host: '127.0.0.1', port } })
  admin.on('error', () => undefined)
  await admin.connect()
  return {
    port,
    send: (...command) => admin.sendCommand(command),
    async stop() {
      admin.destroy()
      await server.stop()
    },
  }
}
