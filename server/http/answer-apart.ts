import type { Response } from 'express'
import { parse as parseShape, type ZodMiniType as Shape } from 'zod/mini'
import { askedOfEstate, nameOf } from './asked-of-estate.ts'
import type { House } from './house.ts'
import type { Asked, Route } from './route.ts'

/** A reply that was made in another thread, as it goes out. */
export class JsonBytes {
  readonly bytes: Buffer

  constructor({ buffer, byteOffset, length }: Uint8Array) {
    this.bytes = Buffer.from(buffer, byteOffset, length)
  }
}

/** Answers in the thread that holds the estate, where there is one and the route needs no more than that; else here. */
export async function answerWhereItLies(house: House, one: Route, asked: Asked<never, never>): Promise<unknown> {
  const answering = house.keeper.answering?.()
  if (answering && askedOfEstate.has(nameOf(one))) {
    const { params, query, body } = asked
    const bytes = await answering.ask({ route: nameOf(one), params: { ...params }, query, body, now: house.now() })
    if (bytes !== undefined) return new JsonBytes(bytes)
  }
  return one.answer(house, asked)
}

/** As it is: nothing under `/api` is kept by anybody, so no tag is made of its bytes. */
export function sendJsonBytes(response: Response, { bytes }: JsonBytes, one: Route, isChecked: boolean): void {
  if (isChecked) parseShape(one.reply as Shape, JSON.parse(bytes.toString('utf8')))
  response.status(one.status).set('Content-Type', 'application/json; charset=utf-8')
  response.set('Content-Length', String(bytes.length)).end(bytes)
}
