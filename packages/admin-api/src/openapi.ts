// The OpenAPI 3.1 document of the admin API, built from the route table and the schemas that validate requests.
import { showDefault } from '@crosswalk/protocol'
import { z } from 'zod'

import { hasEtag, type Route } from './route.ts'
import { ADMIN_API_PATH, ROUTES } from './routes.ts'
import { zProblem } from './schemas/common.ts'

type Json = Readonly<Record<string, unknown>>

/** Statuses of errors that any route may return. */
const COMMON_PROBLEMS = [400, 401, 403, 500, 503]

const PROBLEM_WORDS: Readonly<Record<number, string>> = {
  400: 'The request is not valid; see `errors`.',
  401: 'The token is missing or invalid.',
  403: 'The role does not permit this.',
  404: 'Not found.',
  409: 'The request conflicts with the current state, or the configuration file owns the object.',
  412: 'The object has changed since `If-Match` was issued.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The request is valid but too large to process; see `detail` for what to reduce.',
  428: '`If-Match` is required.',
  500: 'Internal server error.',
  503: 'The server cannot respond now; retry after the time in `Retry-After`.',
}

export type OpenApiDocument = Readonly<Record<string, unknown>>

/** @returns the document of any server: its server URL is relative */
export function buildOpenApi(): OpenApiDocument {
  const steps = writeOpenApi('')
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/**
 * The same in steps of one route each, since building it all at once would block a server for too long.
 *
 * @param baseUrl - public origin of the server
 */
export function* writeOpenApi(baseUrl: string): Generator<undefined, OpenApiDocument> {
  const schemas = new SchemaBook()
  const paths: Record<string, Record<string, Json>> = {}
  for (const [name, route] of Object.entries<Route>(ROUTES)) {
    const operations = (paths[route.path] ??= {})
    operations[route.method.toLowerCase()] = describeRoute(name, route, schemas)
    yield
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Crosswalk admin API',
      version: '1',
      description:
        'Access of apps to resources: definitions, decisions and audit. Every change is recorded with who made it, why, and a diff.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl + ADMIN_API_PATH }],
    security: [{ bearer: [] }],
    tags: [...new Set(Object.values<Route>(ROUTES).map(({ tag }) => tag))].map((tag) => ({ name: tag })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The `admin.token` of the configuration, or a token created with `POST /tokens`.',
        },
      },
      schemas: schemas.collect(),
    },
  }
}

function describeRoute(name: string, route: Route, schemas: SchemaBook): Json {
  const parameters = describeParameters(route, schemas)
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description: describeRoles(route),
    ...(route.roles.length === 0 ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: describeBody(route, route.body, schemas) }),
    responses: { ...describeReplies(route, schemas), ...describeProblems(route, schemas) },
  }
}

function describeRoles({ description, roles }: Route): string {
  const who = roles.length === 0 ? 'No token is needed.' : `Roles: ${roles.join(', ')}.`
  return description === undefined ? who : `${description}\n\n${who}`
}

function describeParameters(route: Route, schemas: SchemaBook): readonly Json[] {
  return [
    ...membersOf(route.params, schemas).map((member) => ({ ...member, in: 'path', required: true })),
    ...membersOf(route.query, schemas).map((member) => ({ ...member, in: 'query' })),
    ...(isConditional(route)
      ? [
          describeHeader('If-Match', {
            description: 'The `ETag` of the last read.',
            required: route.conditional === 'change',
          }),
        ]
      : []),
    ...(route.idempotent === true
      ? [
          describeHeader('Idempotency-Key', {
            description: 'Requests with the same key create one object.',
            schema: { pattern: '^[!-~]{1,255}$' },
          }),
        ]
      : []),
    ...(route.reasonHeader === true
      ? [describeHeader('Crosswalk-Reason', { description: 'The reason, for the audit log.' })]
      : []),
  ]
}

interface HeaderDescription {
  readonly description: string
  readonly required?: boolean
  readonly schema?: Json
}

function describeHeader(name: string, { description, required = false, schema }: HeaderDescription): Json {
  return { name, in: 'header', required, description, schema: { type: 'string', ...schema } }
}

function membersOf(schema: z.ZodObject | undefined, schemas: SchemaBook): readonly Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemas.write(schema, 'input') as {
    properties?: Record<string, { description?: string }>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }))
}

function describeBody(route: Route, schema: z.ZodType, schemas: SchemaBook): Json {
  const type = route.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const content = { schema: schemas.refer(schema, 'input') }
  return {
    required: route.bodyOptional !== true,
    content: { [type]: content, ...(route.method === 'PATCH' ? { 'application/json': content } : {}) },
  }
}

function describeReplies(route: Route, schemas: SchemaBook): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(route.replies).map(([status, { description, body, contentType }]) => [
      status,
      {
        description,
        ...(status === '204' || !hasEtag(route)
          ? {}
          : { headers: { ETag: { description: 'For If-Match.', schema: { type: 'string' } } } }),
        ...(body === undefined
          ? {}
          : { content: { [contentType ?? 'application/json']: { schema: schemas.refer(body, 'output') } } }),
      },
    ]),
  )
}

function isConditional({ conditional }: Route): boolean {
  return conditional === 'change' || conditional === 'act'
}

function describeProblems(route: Route, schemas: SchemaBook): Record<string, Json> {
  const statuses = [
    ...(route.roles.length === 0 ? [400, 500, 503] : COMMON_PROBLEMS),
    ...(route.problems ?? []),
    ...(isConditional(route) ? [412] : []),
    ...(route.conditional === 'change' ? [428] : []),
    ...(route.body === undefined ? [] : [413, 415]),
  ]
  return Object.fromEntries(
    [...new Set(statuses)].sort().map((status) => [
      status,
      {
        description: PROBLEM_WORDS[status] ?? 'Error.',
        content: { 'application/problem+json': { schema: schemas.refer(zProblem, 'output') } },
      },
    ]),
  )
}

/** Collects schemas, so that each named schema is written only once. */
class SchemaBook {
  readonly #schemas = new Map<string, Json>()
  readonly #named = new Map<string, z.ZodType>()

  /**
   * @returns a reference if the schema has a name
   * @throws if two schemas have the same name: the reference would be ambiguous
   */
  refer(schema: z.ZodType, io: 'input' | 'output'): Json {
    const name = schema.meta()?.id
    if (name === undefined) return this.write(schema, io)
    const known = this.#named.get(name)
    if (known !== undefined && known !== schema) throw new Error(`two schemas have the name ${name}`)
    if (known === undefined) {
      this.#named.set(name, schema)
      const written = this.write(schema, io)
      if (!('$ref' in written)) this.#schemas.set(name, written)
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  /** @returns the schema itself; its named parts are added to the collection */
  write(schema: z.ZodType, io: 'input' | 'output'): Json {
    const options = { io, unrepresentable: 'any', override: showDefault } as const
    const { $schema: _, $defs, id: __, ...written } = z.toJSONSchema(schema, options)
    for (const [name, part] of Object.entries($defs ?? {})) this.#file(name, part as Json)
    return relocate(written) as Json
  }

  #file(name: string, part: Json): void {
    const { id: _, ...rest } = part
    this.#schemas.set(name, relocate(rest) as Json)
  }

  collect(): Record<string, Json> {
    return Object.fromEntries([...this.#schemas].sort(([one], [other]) => (one < other ? -1 : 1)))
  }
}

/** Turns `#/$defs/…` of a single schema into `#/components/schemas/…` of the document, and unions into their main form. */
function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(chooseMainForm(value)).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : relocate(member),
    ]),
  )
}

/**
 * Whole numbers and booleans are also accepted as text, because the same schemas read configuration files with
 * environment variables. Clients send the value itself, so that the document needs no union.
 */
function chooseMainForm(schema: object): object {
  const { anyOf, ...rest } = schema as { readonly anyOf?: readonly Json[]; readonly maximum?: number }
  const [main, text] = anyOf ?? []
  if (anyOf?.length !== 2 || text?.['type'] !== 'string') return schema
  if (main?.['type'] === 'number' && rest.maximum !== undefined) return { type: 'integer', ...rest }
  const isBoolean = main?.['type'] === 'boolean' && String(text['enum']) === 'true,false'
  return isBoolean ? { type: 'boolean', ...rest } : schema
}
