import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router, type RequestHandler } from 'express'

/** Paths of the app: `/`, `/b/…`, `/map`. Everything else is a file, or nothing. */
const appPath = /^\/(?:[a-z]+(?:\/[\w~:-]+)*\/?)?$/

/** The built screen: files with a hash in their name never change; every other path of the app is index.html. */
export function screen(clientDir: string): RequestHandler {
  const router = Router()
  router.use('/assets', express.static(join(clientDir, 'assets'), { immutable: true, maxAge: '365d', index: false }))
  router.use(express.static(clientDir, { index: false, cacheControl: false, setHeaders: revalidated }))
  router.get(appPath, (_request, response, next) => {
    const page = join(clientDir, 'index.html')
    if (!existsSync(page)) {
      response.status(503).type('text/plain').set('Cache-Control', 'no-store')
      response.send(
        'The screen is not built: run `npm run build`, then load this page again. The API and the CLI work.\n',
      )
      return
    }
    revalidated(response)
    response.sendFile(page, { cacheControl: false }, (error) => error && next(error))
  })
  return router
}

function revalidated(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache')
}
