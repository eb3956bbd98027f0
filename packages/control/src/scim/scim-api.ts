// The SCIM 2.0 server (RFC 7643, RFC 7644) as a function from Request to Response: authenticates the directory by its
// bearer token, and finds the resource. Guessing tokens is slowed down per network.
import { timingSafeEqual } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'

import {
  answerFault,
  createAttempts,
  findNetwork,
  type JsonProblem,
  parseStrictJsonObject,
  type Sealing,
} from '@crosswalk/as-core'
import { findOwn, isUsableText, readAtMost } from '@crosswalk/protocol'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import { readBearer } from '../http/authenticate.ts'
import { hasVersion } from '../http/etag.ts'
import { LONG_BODY_BYTES } from '../http/read-request.ts'
import type { Parts } from '../parts.ts'
import type { ProviderParts, ScimRequest } from './scim-context.ts'
import { describeScim, describeTypes } from './scim-discovery.ts'
import { checkNames } from './scim-bounds.ts'
import { readChoice } from './scim-choice.ts'
import { DryRun, isDryRun, renderDryRun, withoutWrites } from './scim-dry-run.ts'
import { renderScim, renderScimError, SCIM_TYPE, ScimError } from './scim-error.ts'
import { SCIM_GROUPS } from './scim-groups.ts'
import { readBooleans } from './scim-patch.ts'
import { listAll, readSearch, SEARCH } from './scim-search.ts'
import { createScimHandlers, type ScimHandlers } from './scim-type.ts'
import { SCIM_USERS } from './scim-users.ts'

export const SCIM_PATH = '/scim/v2'
/** Enough for a group with tens of thousands of members. */
export const MAX_SCIM_BYTES = 4 * 1024 * 1024

const FREE_GUESSES = 10
const LONGEST_DELAY_SECONDS = 60

export interface ScimApi {
  /** @param ip - the address of the client */
  fetch(request: Request, ip?: string): Promise<Response>
}

export interface ScimParts {
  readonly directories: readonly DirectoryDefinition[]
  readonly admin: ProviderParts & Parts<'sealing'>
  onFault(fault: unknown, reference: string): void
}

type Find = (header: string | null) => DirectoryDefinition | undefined

export function createScimApi({ directories, admin, onFault }: ScimParts): ScimApi {
  const attempts = createAttempts({ free: FREE_GUESSES, longestDelaySeconds: LONGEST_DELAY_SECONDS })
  const find = createFind(directories, admin.sealing)
  const baseUrl = admin.configuration.baseUrl + SCIM_PATH

  function authenticate(header: string | null, ip: string | undefined): DirectoryDefinition {
    const now = admin.clock.nowMs()
    const network = ip === undefined ? undefined : findNetwork(ip)
    const wait = network === undefined ? 0 : attempts.waitSeconds(network, now)
    if (wait > 0)
      throw new ScimError(429, 'Too many wrong tokens from this address.', undefined, {
        'retry-after': String(wait),
      })
    const directory = find(header)
    if (directory !== undefined) return directory
    if (network !== undefined) attempts.add(network, now)
    throw new ScimError(401, 'Send the bearer token of the directory.', undefined, {
      'www-authenticate': 'Bearer realm="scim"',
    })
  }

  return {
    async fetch(received, ip) {
      try {
        // The HTTP server sends no body in response to HEAD.
        const request = received.method === 'HEAD' ? new Request(received, { method: 'GET' }) : received
        const url = new URL(request.url)
        const { headers } = request
        const directory = authenticate(headers.get('authorization'), ip)
        const query = url.searchParams
        // A request that cannot be answered must change nothing.
        readChoice(query)
        const parts = request.method !== 'GET' && isDryRun(query) ? withoutWrites(admin) : admin
        const userAgent = headers.get('user-agent') ?? undefined
        const base = { parts, directory, headers, query, ip, userAgent, baseUrl }
        return await route(request, url.pathname.slice(SCIM_PATH.length), base).catch((error: unknown) => {
          if (error instanceof DryRun) return renderDryRun(error, request.method, base)
          throw error
        })
      } catch (error) {
        if (error instanceof ScimError) return renderScimError(error)
        onFault(error, 'scim')
        const { http, body, headers } = answerFault(error)
        return renderScimError(new ScimError(http, body.error_description, undefined, headers))
      }
    },
  }
}

/** Tokens are kept as keyed digests, and all are compared, so that timing reveals nothing. */
function createFind(
  directories: readonly DirectoryDefinition[],
  sealing: Pick<Sealing, 'keyedDigest'>,
): Find {
  const hash = (token: string) => Buffer.from(sealing.keyedDigest('scim-token', token))
  const known = directories.flatMap((directory) =>
    [directory.token ?? []].flat().map((token) => ({ directory, hash: hash(token) })),
  )
  return (header) => {
    const token = readBearer(header)
    const presented = hash(token ?? '')
    const found = known.filter((one) => timingSafeEqual(one.hash, presented))
    return token === undefined ? undefined : found[0]?.directory
  }
}

type Members = Readonly<Record<string, unknown>>

const HANDLERS: Readonly<Record<string, ScimHandlers>> = {
  Users: createScimHandlers(SCIM_USERS),
  Groups: createScimHandlers(SCIM_GROUPS),
}

async function route(request: Request, path: string, base: ScimRequest): Promise<Response> {
  const [, name = '', segment, ...rest] = path.split('/')
  const id = segment === undefined || segment === '' ? undefined : decode(segment)
  if (rest.length > 0 || (name === 'ServiceProviderConfig' && id !== undefined))
    throw new ScimError(404, 'There is no such endpoint.')
  // RFC 7644 section 3.11: the caller is a directory, not a user.
  if (name === 'Me') throw new ScimError(501, 'The caller is a directory, not a user. Request a user by id.')
  if (name === 'ServiceProviderConfig' || name === 'ResourceTypes' || name === 'Schemas') {
    if (request.method !== 'GET') throw notAllowed('GET, HEAD')
    // RFC 7644 section 4: the whole list would look as if everything matched.
    if (new URL(request.url).searchParams.has('filter')) throw new ScimError(403, `${name} has no filter.`)
    return renderScim(
      200,
      name === 'ServiceProviderConfig' ? describeScim(base.baseUrl) : describeTypes(name, id, base),
    )
  }
  if (name === SEARCH && id === undefined) return search(request, listAll, base)
  const handlers = findOwn(HANDLERS, name)
  if (handlers === undefined) throw new ScimError(404, 'There is no such endpoint.')
  if (id === SEARCH) return search(request, handlers.list, base)
  return id === undefined ? routeList(request, handlers, base) : routeOne(request, id, handlers, base)
}

async function search(request: Request, list: ScimHandlers['list'], base: ScimRequest): Promise<Response> {
  if (request.method !== 'POST') throw notAllowed('POST')
  return list({ ...base, query: readSearch(await readBody(request)) })
}

async function routeList(request: Request, handlers: ScimHandlers, base: ScimRequest): Promise<Response> {
  switch (request.method) {
    case 'GET':
      return handlers.list(base)
    case 'POST': {
      const body = await readBody(request)
      return base.parts.inTurn(() => handlers.create(base, body))
    }
    default:
      throw notAllowed('GET, HEAD, POST')
  }
}

async function routeOne(
  request: Request,
  id: string,
  handlers: ScimHandlers,
  base: ScimRequest,
): Promise<Response> {
  switch (request.method) {
    case 'GET':
      return omitKnown(base, await handlers.read(base, id))
    case 'PUT': {
      const body = await readBody(request)
      return base.parts.inTurn(() => handlers.replace(base, id, body))
    }
    case 'PATCH': {
      const body = await readBody(request)
      return base.parts.inTurn(() => handlers.patch(base, id, body))
    }
    case 'DELETE':
      return base.parts.inTurn(() => handlers.remove(base, id))
    default:
      throw notAllowed('GET, HEAD, PUT, PATCH, DELETE')
  }
}

/** @returns 304 if the client has this version of the resource that it reads */
function omitKnown({ headers }: Pick<ScimRequest, 'headers'>, read: Response): Response {
  const etag = read.headers.get('etag')
  if (etag === null || !hasVersion(headers, etag)) return read
  return new Response(null, { status: 304, headers: { etag, 'cache-control': 'no-store' } })
}

function notAllowed(allow: string): ScimError {
  return new ScimError(405, 'The method is not available here.', undefined, { allow })
}

function decode(segment: string): string {
  try {
    const id = decodeURIComponent(segment)
    if (isUsableText(id)) return id
  } catch {
    // Not percent-encoded UTF-8.
  }
  throw new ScimError(404, 'There is no such resource.')
}

async function readBody(request: Request): Promise<Members> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== SCIM_TYPE && type !== 'application/json') throw new ScimError(415, `Send ${SCIM_TYPE}.`)
  const bytes = await readAtMost(request.body, MAX_SCIM_BYTES)
  if (bytes === undefined) throw new ScimError(413, `The body is over ${MAX_SCIM_BYTES} bytes.`)
  const parsed = parseStrictJsonObject(bytes)
  if (!parsed.accepted) throw new ScimError(400, describeUnread(parsed.refusal), 'invalidSyntax')
  if (bytes.length > LONG_BODY_BYTES) await nextTurn()
  checkNames(parsed.value)
  return readBooleans(parsed.value) as Members
}

function describeUnread(problem: JsonProblem): string {
  return problem === 'too-complex'
    ? 'The body has too many values or different member names.'
    : 'The body is not one JSON object.'
}
