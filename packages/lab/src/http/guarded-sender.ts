// How `doctor`, `flow` and the playground contact other servers: by the rules of the guarded fetch (no redirects,
// proxies or cookies; public addresses, and private networks and this machine if the user named a server there), and
// recording the response as evidence. Makes no judgements.
import { TLSSocket } from 'node:tls'

import {
  type Clock,
  createCheckedLookup,
  explainFailure,
  type FetchRefusal,
  findHeaderRefusal,
  findTargetProblem,
  isLoopbackHost,
  MAX_DOCUMENT_BYTES,
  parseStrictJsonObject,
  type ReachableAddresses,
} from '@crosswalk/as-core'
import { isObject } from '@crosswalk/protocol'
import { Agent, buildConnector, type Dispatcher, request } from 'undici'

import { readCertificateEnd } from './certificate-end.ts'

export const METHODS = ['GET', 'POST', 'DELETE', 'OPTIONS'] as const

export interface HttpRequest {
  readonly method: (typeof METHODS)[number]
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: URLSearchParams
  readonly json?: unknown
}

export interface Exchange {
  readonly request: HttpRequest
  /** As sent, including the headers of every request */
  readonly sentHeaders?: Readonly<Record<string, string>>
  /** Absent without a response */
  readonly status?: number
  /** When the headers of the response arrived, by the clock here; absent without a response */
  readonly receivedAtMs?: number
  /** Names in lower case */
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly text: string
  /** Why Crosswalk reads no document from a response with status 200; `json` may be there all the same */
  readonly unusable?: readonly FetchRefusal[]
  /** The body, if it is a JSON object */
  readonly json?: Readonly<Record<string, unknown>>
  /** Why nothing was sent, or no usable response received */
  readonly problem?: FetchRefusal
  readonly ms: number
  /** When the server's certificate expires, in milliseconds */
  readonly certificateEndsMs?: number
}

export interface GuardedSender {
  send(request: HttpRequest): Promise<Exchange>
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 3000
const TOTAL_TIMEOUT_MS = 10_000
const MAX_BYTES = MAX_DOCUMENT_BYTES
const USER_AGENT = 'crosswalk-cli'

export interface SenderOptions {
  /** Identifies us in the logs of the other side */
  readonly userAgent?: string
  /** URLs that the user named: their hosts may be in a private network */
  readonly named?: readonly string[]
  /** URLs to examine as other servers would reach them: their hosts may not be in a private network */
  readonly examined?: readonly string[]
}

/** Never throws when sending: `problem` reports failures. */
export function createGuardedSender(
  clock: Clock,
  { userAgent = USER_AGENT, ...known }: SenderOptions = {},
): GuardedSender {
  const certificates = new Map<string, number>()
  const guard = createGuard(known)
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: (hostname, ...rest) => createCheckedLookup(guard(hostname))(hostname, ...rest),
  })
  const agent = new Agent({
    connect: (options, callback) => {
      connect(options, (...result) => {
        const [error, socket] = result
        if (error !== null) callback(error, null)
        else {
          const endsMs = socket instanceof TLSSocket ? readCertificateEnd(socket) : undefined
          if (endsMs !== undefined) certificates.set(options.hostname, endsMs)
          callback(null, socket)
        }
      })
    },
  })

  async function send(sent: HttpRequest): Promise<Exchange> {
    const startedMs = clock.nowMs()
    const end = (rest: Partial<Exchange>): Exchange => ({
      request: sent,
      headers: {},
      cookies: [],
      text: '',
      ms: clock.nowMs() - startedMs,
      ...rest,
    })
    const problem = findTargetProblem(sent.url, guard(hostOf(sent.url)))
    if (problem !== undefined) return end({ problem: { reason: problem } })
    const signal = AbortSignal.timeout(TOTAL_TIMEOUT_MS)
    const built = buildRequest(sent, userAgent)
    try {
      const answer = await request(sent.url, { dispatcher: agent, signal, ...built })
      const receivedAtMs = clock.nowMs()
      const { bytes, isWhole } = await readBounded(answer.body)
      const text = bytes.toString('utf8')
      const certificateEndsMs = certificates.get(new URL(sent.url).hostname)
      return end({
        sentHeaders: built.headers,
        status: answer.statusCode,
        receivedAtMs,
        headers: flatten(answer.headers),
        cookies: [answer.headers['set-cookie'] ?? []].flat(),
        text,
        ...parseJson(text),
        ...findUnusable(answer, bytes, isWhole),
        ...(certificateEndsMs === undefined ? {} : { certificateEndsMs }),
      })
    } catch (error) {
      return end({ sentHeaders: built.headers, problem: explainFailure(error, signal) })
    }
  }

  return { send, close: () => agent.close() }
}

/**
 * If none of the given servers is on this machine, a document of theirs must not lead to a program here. Without any, it
 * may.
 *
 * @returns what a host may resolve to
 */
export function createGuard({
  named = [],
  examined = [],
}: Pick<SenderOptions, 'named' | 'examined'>): (hostname: string) => ReachableAddresses {
  const hosts = new Set(named.map(hostOf))
  const all = [...hosts, ...examined.map(hostOf)]
  const allowLoopback = all.length === 0 || all.some(isLoopbackHost)
  return (hostname) => {
    const isNamed = hosts.has(hostname)
    return { allowLoopback, allowPrivate: isNamed, allowNamesOfLoopback: isNamed }
  }
}

/** @returns `''` if the text is not a URL, which is refused as such */
const hostOf = (text: string): string => (URL.canParse(text) ? new URL(text).hostname : '')

function buildRequest({ method, headers = {}, form, json }: HttpRequest, userAgent: string) {
  const base = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': userAgent }
  const body = form?.toString() ?? (json === undefined ? undefined : JSON.stringify(json))
  const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded'
  return {
    method,
    headers: { ...base, ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body }),
  }
}

/** A body beyond the limit is truncated; relevant documents are shorter. */
async function readBounded(body: AsyncIterable<Buffer>): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MAX_BYTES) break
  }
  return { bytes: Buffer.concat(chunks).subarray(0, MAX_BYTES), isWhole: bytes <= MAX_BYTES }
}

/** The rules of the guarded fetch. */
function findUnusable(
  { statusCode, headers }: Dispatcher.ResponseData,
  bytes: Buffer,
  isWhole: boolean,
): Pick<Exchange, 'unusable'> {
  if (statusCode !== 200) return {}
  const body = isWhole ? findBodyRefusal(bytes) : ({ reason: 'too-large' } as const)
  const unusable = [findHeaderRefusal(statusCode, headers), body].filter((it) => it !== undefined)
  return unusable.length === 0 ? {} : { unusable }
}

function findBodyRefusal(bytes: Buffer): FetchRefusal | undefined {
  const parsed = parseStrictJsonObject(bytes)
  return parsed.accepted ? undefined : { reason: 'not-json', detail: parsed.refusal }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(', ')]],
    ),
  )
}

function parseJson(text: string): Pick<Exchange, 'json'> {
  try {
    const value = JSON.parse(text) as unknown
    return isObject(value) && !nestsDeeper(value, MAX_DEPTH) ? { json: value } : {}
  } catch {
    return {}
  }
}

/** Deeper than any document; what follows the members of an answer would exhaust the stack. */
const MAX_DEPTH = 100

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => nestsDeeper(member, levels - 1))
}
