// The SDK's environment: fetch, clock, timer, tracing. Sends requests; makes no decisions.
import { DECISION_HEADER, isObject, isShredded, parseJson } from '@crosswalk/protocol'
import { fetchTraced } from '@crosswalk/tracing'

import type { Leg, LegEvent } from './leg-event.ts'
import type { XaaOptions } from './options.ts'

export interface Runtime {
  readonly fetch: (request: LegRequest) => Promise<Response>
  readonly nowMs: () => number
  readonly sleepMs: (ms: number) => Promise<void>
  readonly timeoutMs: number
  readonly clockSkewSeconds: number
  readonly emit: (event: LegEvent) => void
}

export interface LegRequest {
  readonly leg: Leg
  readonly url: string
  readonly init: RequestInit
}

export function buildRuntime(options: XaaOptions): Runtime {
  // Called as a plain function: browsers reject `fetch` with another `this`.
  const { onLeg, fetch = (url, init) => globalThis.fetch(url, init) } = options
  return {
    fetch: ({ leg, url, init }) => fetchTraced(fetch, { name: leg, url, init }),
    nowMs: options.nowMs ?? (() => Date.now()),
    sleepMs: options.sleepMs ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    timeoutMs: options.timeoutMs ?? 10_000,
    clockSkewSeconds: options.clockSkewSeconds ?? 30,
    emit: (event) => {
      try {
        onLeg?.(event)
      } catch {
        // A tracing hook must not affect the result.
      }
    },
  }
}

/** A response, fully read; `status` 0 means that the server could not be reached. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body, if it is JSON */
  readonly json: unknown
  readonly ms: number
  readonly fault?: unknown
}

const MAX_ANSWER_BYTES = 1_048_576

/** Sends a request to a server and reads the response, within the timeout and 1 MiB; follows no redirect. */
export async function send(runtime: Runtime, request: LegRequest): Promise<Answer> {
  const startedMs = runtime.nowMs()
  try {
    const signal = AbortSignal.timeout(runtime.timeoutMs)
    const response = await runtime.fetch({
      ...request,
      init: { ...request.init, redirect: 'manual', signal },
    })
    const json = parseJson(await readText(response))
    return { status: response.status, headers: response.headers, json, ms: runtime.nowMs() - startedMs }
  } catch (fault) {
    return { status: 0, headers: new Headers(), json: undefined, ms: runtime.nowMs() - startedMs, fault }
  }
}

/**
 * @param signal - ends the reading
 * @returns the body as text, as far as it was read; throws if it exceeds 1 MiB
 */
export async function readText(response: Response, signal?: AbortSignal): Promise<string> {
  if (response.body === null) return ''
  const chunks: string[] = []
  const decoder = new TextDecoder()
  let bytes = 0
  let pieces = 0
  const reader = response.body.getReader()
  signal?.addEventListener('abort', () => void reader.cancel().catch(() => undefined))
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength
    pieces += 1
    if (bytes > MAX_ANSWER_BYTES || isShredded(pieces, bytes)) {
      await reader.cancel()
      throw new RangeError(`response longer than ${MAX_ANSWER_BYTES} bytes, or in too many pieces`)
    }
    chunks.push(decoder.decode(part.value, { stream: true }))
  }
  return chunks.join('') + decoder.decode()
}

/** A URL that is safe for traces: without query and fragment. */
export function cleanUrl(url: string): string {
  return url.replace(/[?#].*$/s, '')
}

export function readDecisionId(headers: Headers): { readonly decisionId?: string } {
  const id = headers.get(DECISION_HEADER)
  return id !== null && /^dec_[\w-]{1,100}$/.test(id) ? { decisionId: id } : {}
}

export function readOAuthError(json: unknown): string | undefined {
  return isObject(json) && typeof json.error === 'string' && /^[\w.:-]{1,100}$/.test(json.error)
    ? json.error
    : undefined
}
