// Parses and validates the parts of a request that its route declares, or reports all that is wrong with it.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Route } from '@crosswalk/admin-api'
import { decodeUtf8 } from '@crosswalk/as-core'
import { type EpochMs, type JsonTextProblem, parseStrictJson, readAtMost } from '@crosswalk/protocol'
import { z } from 'zod'

import { findUnusableText, readBySchema, type RequestError } from './request-errors.ts'
import { buildProblem, isProblem, type Problem } from './problem.ts'
import { chooseId } from './repeated.ts'

const MAX_BODY_BYTES = 1_048_576
/** Parsing, counting and validating a longer body each block, so yield in between. */
export const LONG_BODY_BYTES = 65_536
const MAX_REASON_CHARACTERS = 1024

/** @returns an error if the moment is not in the future; none if there is no moment */
export function checkFuture(
  path: string,
  moment: string | undefined,
  nowMs: EpochMs,
): readonly RequestError[] {
  return moment === undefined || Date.parse(moment) > nowMs
    ? []
    : [{ path, problem: 'must be in the future' }]
}

export interface ReadRequest {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly reason: string | undefined
}

const zNoQuery = z.strictObject({})

/** @param pathParams - decoded */
export async function readRequest(
  route: Route,
  request: Request,
  pathParams: Readonly<Record<string, string>>,
): Promise<ReadRequest | Problem> {
  const body = await readBody(route, request)
  if (isProblem(body)) return body
  const errors: RequestError[] = []
  function parse(schema: z.ZodType | undefined, value: unknown): unknown {
    if (schema === undefined) return undefined
    const read = readBySchema(schema, value)
    if ('data' in read) return read.data
    errors.push(...read.errors)
    return undefined
  }
  const { reason, value } = takeReason(route, body.value, request.headers)
  const idempotencyKey = request.headers.get('idempotency-key') ?? undefined
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
    errors.push({ path: '/Idempotency-Key', problem: 'must be 1 to 255 printable ASCII characters' })
  const query = readQuery(request, errors)
  errors.push(
    ...findUnusableText({ ...pathParams, ...query, ...readReasonHeader(request.headers) }),
    ...body.unusable,
  )
  const parsed = {
    params: parse(route.params, pathParams),
    query: parse(route.query ?? zNoQuery, query),
    body: parse(route.body, completeObject(route, value, { id: pathParams.id, idempotencyKey })),
    reason,
  }
  // If the schema has no `reason`, its length was not checked yet.
  if (errors.length === 0 && reason !== undefined && reason.length > MAX_REASON_CHARACTERS)
    errors.push({ path: '/reason', problem: `must be at most ${MAX_REASON_CHARACTERS} characters` })
  return errors.length === 0 ? parsed : invalidRequest(errors)
}

export function invalidRequest(errors: readonly RequestError[]): Problem {
  return listErrors('invalid-request', errors)
}

export function listErrors(name: 'invalid-request' | 'exists', errors: readonly RequestError[]): Problem {
  const detail = errors.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)).join('; ')
  return buildProblem(name, { detail: detail.slice(0, 2000), errors: [...errors] })
}

/** Duplicate parameters are ambiguous. */
function readQuery(request: Request, errors: RequestError[]): Readonly<Record<string, string>> {
  const parameters = new URL(request.url).searchParams
  const [known, repeated] = [new Set<string>(), new Set<string>()]
  for (const name of parameters.keys()) (known.has(name) ? repeated : known).add(name)
  for (const name of repeated) errors.push({ path: `/${name}`, problem: 'is given twice' })
  return Object.fromEntries(parameters)
}

/** Acts have `reason` in their schema; other routes accept it beside the object, in the header or in the body. */
function takeReason(
  route: Route,
  value: unknown,
  headers: Headers,
): { readonly reason: string | undefined; readonly value: unknown } {
  const { [REASON_HEADER]: fromHeader } = readReasonHeader(headers)
  if (typeof value !== 'object' || value === null || !('reason' in value))
    return { reason: fromHeader, value }
  const inBody = typeof value.reason === 'string' ? value.reason.trim() : undefined
  if (route.reasonHeader !== true) return { reason: inBody ?? fromHeader, value }
  const { reason: _, ...rest } = value
  return { reason: inBody ?? fromHeader, value: rest }
}

const REASON_HEADER = 'Crosswalk-Reason'

function readReasonHeader(headers: Headers): { readonly [REASON_HEADER]?: string } {
  const text = decodeHeader(headers.get(REASON_HEADER) ?? '').trim()
  return text === '' ? {} : { [REASON_HEADER]: text }
}

/** Headers hold ASCII only, so other text is percent-encoded. */
function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Lets clients send back what they read, and omit the id of a new object. */
function completeObject(
  { object }: Route,
  value: unknown,
  { id, idempotencyKey }: { readonly id: string | undefined; readonly idempotencyKey: string | undefined },
): unknown {
  if (object === undefined || typeof value !== 'object' || value === null || Array.isArray(value))
    return value
  return { id: id ?? chooseId(object.idPrefix, { idempotencyKey }), ...omitMembers(value, object.ignored) }
}

export function omitMembers(value: object, members: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([member]) => !members.includes(member)))
}

/** Not every `+json`: a JSON Patch (RFC 6902) must not be read as a merge patch. */
const JSON_TYPE = /^application\/(?:merge-patch\+)?json\s*(?:;|$)/i

/** Validation costs per value, up to ten times as much as for a value of usual length. */
const BYTES_PER_VALUE = 10

/** Counts members and entries at all levels, and stops at the limit. */
function hasMoreValues(value: unknown, most: number): boolean {
  const left = [value]
  let count = 0
  for (let next = left.pop(); next !== undefined && count <= most; next = left.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const values: readonly unknown[] = Array.isArray(next) ? next : Object.values(next)
    count += values.length
    if (count <= most) for (const one of values) if (typeof one === 'object') left.push(one)
  }
  return count > most
}

interface ReadBody {
  readonly value: unknown
  /** Errors for text that cannot be stored */
  readonly unusable: readonly RequestError[]
}

/** Leaves room for JSON Schemas inside configuration documents */
const MAX_DEPTH = 100

async function readBody(route: Route, request: Request): Promise<ReadBody | Problem> {
  if (route.body === undefined) return { value: undefined, unusable: [] }
  const most = route.bodyBytes ?? MAX_BODY_BYTES
  const bytes = await readAtMost(request.body, most)
  if (bytes === undefined) return buildProblem('too-large', { detail: `The limit is ${most} bytes.` })
  if (bytes.length === 0 && route.bodyOptional === true) return { value: {}, unusable: [] }
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? ''))
    return buildProblem('unsupported-media-type', { detail: 'Send `Content-Type: application/json`.' })
  // Decoding invalid UTF-8 would store other characters than were sent (RFC 8259 section 8.1).
  const text = decodeUtf8(bytes)
  if (text === undefined)
    return buildProblem('malformed-request', { detail: 'The body is not JSON: it is not UTF-8 text.' })
  const parsed = parseStrictJson(text, MAX_DEPTH)
  if (bytes.length > LONG_BODY_BYTES) await nextTurn()
  if (!parsed.accepted && parsed.refusal !== 'unusable-text')
    return buildProblem('malformed-request', { detail: describeUnread(parsed.refusal, text) })
  const value = parsed.accepted ? parsed.value : (JSON.parse(text) as unknown)
  const mostValues = Math.floor(most / BYTES_PER_VALUE)
  if (hasMoreValues(value, mostValues))
    return buildProblem('too-large', { detail: `The limit is ${mostValues} values in one body.` })
  const unusable = /\\u|__proto__/.test(text) ? findUnusableText(value) : []
  if (bytes.length > LONG_BODY_BYTES) await nextTurn()
  return { value, unusable }
}

function describeUnread(problem: Exclude<JsonTextProblem, 'unusable-text'>, text: string): string {
  switch (problem) {
    case 'repeated-member':
      return 'The body has the same member twice in one object: keep one of the two.'
    case 'too-deep':
      return `The body nests deeper than ${MAX_DEPTH} levels.`
    case 'too-complex':
      return 'The body has too many values or different member names.'
    case 'not-json':
      return `The body is not JSON: ${findSyntaxError(text)}`
  }
}

function findSyntaxError(text: string): string {
  try {
    JSON.parse(text)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
