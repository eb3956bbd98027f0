// The API's requests to its authorization server: metadata, keys, introspection. Limited in time and size; failures are
// thrown as ServerUnreachable, which the API turns into 503, never into success.
import {
  isObject,
  listMetadataPaths,
  readAtMost,
  renderBasicCredentials,
  splitUrl,
} from '@crosswalk/protocol'
import { fetchTraced } from '@crosswalk/tracing'

import { type IntrospectionOptions, isServerUrl } from './options.ts'

export type Json = Readonly<Record<string, unknown>>

export interface ServerAccess {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  readonly nowMs: () => number
  readonly timeoutMs: number
}

/** The authorization server is currently unusable. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable'
}

const MAX_ANSWER_BYTES = 1_048_576

interface JsonRequest {
  /** The purpose, for traces */
  readonly name: 'metadata' | 'keys' | 'introspection'
  readonly url: string
  readonly init?: RequestInit
}

/**
 * @returns the JSON object of a 200 response; undefined for another status
 * @throws ServerUnreachable
 */
export async function requestJson(access: ServerAccess, { name, url, init = {} }: JsonRequest) {
  try {
    const signal = AbortSignal.timeout(access.timeoutMs)
    const traced = { name, url, init: { ...init, redirect: 'manual', signal } } as const
    const response = await fetchTraced(access.fetch, traced)
    if (response.status >= 500) throw new Error(`HTTP ${response.status}`)
    const text = await readText(response)
    if (response.status !== 200) return undefined
    const json: unknown = JSON.parse(text)
    if (!isObject(json)) throw new Error('not a JSON object')
    return json
  } catch (cause) {
    throw new ServerUnreachable(`${url} is unusable: ${describeFault(cause)}`, { cause })
  }
}

/** `fetch` reports only that it failed; its cause names the reason, such as ECONNREFUSED. */
function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault)
  const { code, message } = (fault.cause ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  return String(code ?? message ?? fault.message)
}

/** @throws RangeError if the response is too long */
export async function readText({ body }: Response): Promise<string> {
  const bytes = await readAtMost(body, MAX_ANSWER_BYTES)
  if (bytes === undefined)
    throw new RangeError(`response longer than ${MAX_ANSWER_BYTES} bytes, or in too many pieces`)
  return new TextDecoder().decode(bytes)
}

const MAX_QUOTED = 200

/** A foreign value for a log: on one line, and not too long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
}

/** @returns the `Authorization` of the API at its server */
export function renderBasic({
  clientId,
  clientSecret,
}: Pick<IntrospectionOptions, 'clientId' | 'clientSecret'>): string {
  return `Basic ${btoa(renderBasicCredentials(clientId, clientSecret))}`
}

/** The distance, so that nothing is kept longer because the clock was set back. */
export function findAgeMs(sinceMs: number, nowMs: number): number {
  return Math.abs(nowMs - sinceMs)
}

/** Between attempts after a failure: short, since every request fails until then */
const RETRY_INTERVAL_MS = 1_000

/** A resource fetched on demand: once for all callers that wait, and once a second while the server is unreachable. */
export class SharedLoad<T> {
  readonly #load: () => Promise<T>
  readonly #nowMs: () => number
  readonly #what: string
  #running: Promise<T> | undefined
  #startedAtMs = Number.NEGATIVE_INFINITY
  /** Counts from the end, because a server that hangs may have taken long */
  #failedAtMs = Number.NEGATIVE_INFINITY
  /** The error of the last attempt */
  #fault: unknown

  /** @param what - for error messages: `the keys` */
  constructor(what: string, nowMs: () => number, load: () => Promise<T>) {
    this.#what = what
    this.#nowMs = nowMs
    this.#load = load
  }

  /** Whether a load is running, or the last one started at least this long ago. */
  isDue(afterMs: number): boolean {
    return this.#running !== undefined || findAgeMs(this.#startedAtMs, this.#nowMs()) >= afterMs
  }

  async run(): Promise<T> {
    this.#running ??= this.#start().finally(() => (this.#running = undefined))
    return await this.#running
  }

  /** @throws ServerUnreachable immediately if the last attempt has just failed */
  async runUnlessFailed(): Promise<T> {
    const isTooSoon = findAgeMs(this.#failedAtMs, this.#nowMs()) < RETRY_INTERVAL_MS
    if (this.#running === undefined && this.#fault !== undefined && isTooSoon)
      throw new ServerUnreachable(
        `${this.#what} could not be fetched a moment ago: ${(this.#fault as Error).message}`,
        { cause: this.#fault },
      )
    return await this.run()
  }

  async #start(): Promise<T> {
    this.#startedAtMs = this.#nowMs()
    try {
      const loaded = await this.#load()
      this.#fault = undefined
      return loaded
    } catch (fault) {
      this.#fault = fault
      this.#failedAtMs = this.#nowMs()
      throw fault
    }
  }
}

function isTimeout(fault: unknown): boolean {
  return fault instanceof ServerUnreachable && (fault.cause as Error).name === 'TimeoutError'
}

const METADATA_TTL_MS = 3_600_000

/** The metadata of one issuer, fetched on demand and cached for an hour. */
export class IssuerMetadata {
  readonly #access: ServerAccess
  readonly #issuer: string
  #known: { readonly document: Json; readonly fetchedAtMs: number } | undefined
  readonly #loading: SharedLoad<Json>

  constructor(access: ServerAccess, issuer: string) {
    this.#access = access
    this.#issuer = issuer
    this.#loading = new SharedLoad(`the metadata of ${issuer}`, access.nowMs, () => this.#load())
  }

  /**
   * @returns an endpoint from the metadata
   * @throws ServerUnreachable if it lists no usable one
   */
  async findEndpoint(name: 'jwks_uri' | 'introspection_endpoint' | 'token_endpoint'): Promise<string> {
    const url = (await this.#find())[name]
    if (!isServerUrl(url))
      throw new ServerUnreachable(`the metadata of ${this.#issuer} has no usable ${name}`)
    return url
  }

  async #find(): Promise<Json> {
    const { document, fetchedAtMs = 0 } = this.#known ?? {}
    if (document !== undefined && findAgeMs(fetchedAtMs, this.#access.nowMs()) < METADATA_TTL_MS)
      return document
    return await this.#loading.runUnlessFailed()
  }

  async #load(): Promise<Json> {
    const { origin, rest } = splitUrl(this.#issuer) ?? { origin: this.#issuer, rest: '' }
    let fault: unknown
    for (const path of listMetadataPaths(rest)) {
      const url = `${origin}${path}`
      const document = await requestJson(this.#access, { name: 'metadata', url }).catch((error: unknown) => {
        fault = error
        return undefined
      })
      // The other addresses of a server that hangs would only add to the wait.
      if (isTimeout(fault)) break
      // Metadata of another issuer must not make us use another issuer's keys (META-09).
      if (document?.issuer !== this.#issuer) {
        if (document !== undefined) fault = new Error(`${url} names the issuer ${quote(document.issuer)}`)
        continue
      }
      this.#known = { document, fetchedAtMs: this.#access.nowMs() }
      return document
    }
    const why = fault === undefined ? '' : `: ${(fault as Error).message}`
    throw new ServerUnreachable(`no metadata of ${this.#issuer}${why}`, { cause: fault })
  }
}
