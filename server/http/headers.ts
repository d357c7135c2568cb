import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { OriginOf } from './same-origin.ts'

const YEAR_SECONDS = 31_536_000

/**
 * The headers of every reply, errors and files included (security-reliability.md 4.3). HSTS only where people come in
 * over TLS: over plain loopback it would lock the browser out of its own server.
 */
export function securityHeaders(originOf: OriginOf = () => undefined): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          workerSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: ['keyfall-worker'],
        },
      },
      crossOriginEmbedderPolicy: { policy: 'require-corp' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    (request, response, next) => {
      response.set('Permissions-Policy', nothingPermitted)
      if (originOf(request)?.startsWith('https:')) response.set('Strict-Transport-Security', `max-age=${YEAR_SECONDS}`)
      next()
    },
  ]
}

const nothingPermitted = [
  'accelerometer', 'autoplay', 'bluetooth', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'hid',
  'microphone', 'midi', 'payment', 'serial', 'usb',
].map((feature) => `${feature}=()`).join(', ') // prettier-ignore
