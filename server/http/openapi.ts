import { toJSONSchema } from 'zod'
import type { ZodMiniType as Shape } from 'zod/mini'
import * as acts from '../../graph/wire-acts.ts'
import * as wire from '../../graph/wire.ts'
import type { Route } from './route.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document of the routes. Shapes of `graph/wire.ts` are components by their names there. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const one of routes) (paths[one.path] ??= {})[one.method.toLowerCase()] = operation(one)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Keyfall',
      version,
      description: 'What breaks, and when, if a credential is revoked, rotated, disabled or left to expire.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: Object.fromEntries([...componentNames].map(([shape, name]) => [name, jsonSchema(shape, 'output')])),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'keyfall' },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'a token of `keyfall token create`, or that of api.json in the data directory',
        },
      },
    },
  }
}

const componentNames = new Map(
  Object.entries({ ...wire, ...acts }).flatMap(([name, value]) =>
    value !== null && typeof value === 'object' && '_zod' in value ? [[value as Shape, name] as const] : [],
  ),
)

function jsonSchema(shape: Shape, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...schema } = toJSONSchema(shape, { io, target: 'draft-2020-12' })
  return schema
}

function refOrSchema(shape: Shape): Json {
  const name = componentNames.get(shape)
  return name ? { $ref: `#/components/schemas/${name}` } : jsonSchema(shape, 'output')
}

function operation(one: Route): Json {
  const problem = { content: { 'application/problem+json': { schema: refOrSchema(wire.Problem) } } }
  const reply =
    typeof one.reply === 'string' ? { [one.reply]: {} } : { 'application/json': { schema: refOrSchema(one.reply) } }
  return {
    operationId: operationId(one),
    summary: one.summary,
    parameters: [...pathParameters(one.path), ...queryParameters(one.query), ...uploadHeader(one)],
    ...(one.body && {
      requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(one.body, 'input') } } },
    }),
    ...(one.upload && { requestBody: { required: true, content: { 'application/octet-stream': {} } } }),
    security: one.roles === 'open' ? [] : [{ session: [] }, { token: [] }],
    ...(typeof one.roles !== 'string' && { 'x-roles': one.roles }),
    responses: {
      [one.status]: { description: 'as asked', content: reply },
      default: { description: 'a problem: what is wrong and what to do', ...problem },
    },
  }
}

function operationId({ method, path }: Route): string {
  const words = path
    .replace('/api/', '')
    .split(/[/.{}]+/)
    .filter(Boolean)
  return [method.toLowerCase(), ...words.map((word) => word[0]!.toUpperCase() + word.slice(1))].join('')
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(query: Shape | undefined): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function uploadHeader({ upload }: Route): Json[] {
  return upload ? [{ name: 'X-Keyfall-Upload', in: 'header', required: true, schema: { const: '1' } }] : []
}
