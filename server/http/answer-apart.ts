import type { Response } from 'express'
import { parse as parseShape, type ZodMiniType as Shape } from 'zod/mini'
import { askedOfEstate, nameOf } from './asked-of-estate.ts'
import type { House } from './house.ts'
import type { Asked, Route } from './route.ts'

/** A reply that was made in another thread, as it goes out. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Answers in the thread that holds the estate, where there is one and the route needs no more than that; else here. */
export async function answerWhereItLies(house: House, one: Route, asked: Asked<never, never>): Promise<unknown> {
  const answering = house.keeper.answering?.()
  if (answering && askedOfEstate.has(nameOf(one))) {
    const { params, query, body } = asked
    const text = await answering.ask({ route: nameOf(one), params: { ...params }, query, body, now: house.now() })
    if (text !== undefined) return new JsonText(text)
  }
  return one.answer(house, asked)
}

export function sendJsonText(response: Response, { text }: JsonText, one: Route, isChecked: boolean): void {
  if (isChecked) parseShape(one.reply as Shape, JSON.parse(text))
  response.status(one.status).type('application/json').send(text)
}
