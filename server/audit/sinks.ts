import { createSocket } from 'node:dgram'
import { hostname } from 'node:os'
import { isAbsolute } from 'node:path'
import { appendCheckpointLine, readCheckpointLines } from './checkpoints.ts'

/** A place for checkpoints that who has the data directory does not have. */
export interface Sink {
  /** Without a password, for messages. */
  readonly name: string
  /** Resolves when it was taken; a sink that says nothing (syslog) has taken it when it was sent. */
  deliver(line: string): Promise<void>
  /** What it holds; undefined where it can't be asked. */
  lines?(): readonly string[]
}

const DEADLINE_MS = 5_000
const SYSLOG_PORT = 514
/** RFC 5424: facility 13 (log audit), severity 5 (notice). */
const SYSLOG_PRIORITY = 13 * 8 + 5

/**
 * `KEYFALL_AUDIT_SINK`: an absolute path, `https://…` (a POST of each line as JSON), or `syslog://host[:port]` (UDP).
 * Throws with words for the operator where it is none of these.
 */
export function openSink(setting: string): Sink {
  if (isAbsolute(setting)) return fileSink(setting)
  if (URL.canParse(setting)) {
    const url = new URL(setting)
    if (url.protocol === 'https:' || url.protocol === 'http:') return httpSink(url)
    if (url.protocol === 'syslog:') return syslogSink(url)
  }
  throw new Error('KEYFALL_AUDIT_SINK has to be an absolute path, https://… or syslog://host:port')
}

function fileSink(path: string): Sink {
  return {
    name: path,
    deliver: async (line) => appendCheckpointLine(path, line),
    lines: () => readCheckpointLines(path),
  }
}

function httpSink(url: URL): Sink {
  return {
    name: url.origin,
    async deliver(line) {
      const response = await fetch(url, {
        method: 'POST',
        body: line,
        headers: { 'Content-Type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`answered ${response.status}`)
    },
  }
}

function syslogSink(url: URL): Sink {
  const port = Number(url.port || SYSLOG_PORT)
  return {
    name: url.host,
    deliver: (line) =>
      new Promise((resolve, reject) => {
        const socket = createSocket(url.hostname.startsWith('[') ? 'udp6' : 'udp4')
        const message = `<${SYSLOG_PRIORITY}>1 ${new Date().toISOString()} ${hostname()} keyfall - checkpoint - ${line}`
        socket.once('error', (error) => {
          socket.close()
          reject(error)
        })
        socket.send(message, port, url.hostname.replace(/^\[|\]$/g, ''), (error) => {
          socket.close()
          if (error) reject(error)
          else resolve()
        })
      }),
  }
}
