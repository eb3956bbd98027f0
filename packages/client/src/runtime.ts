// What the SDK takes from its surroundings, in one place: fetch, clock, timer, tracing. Sends requests; judges nothing.
import { DECISION_HEADER, isObject, parseJson } from '@crosswalk/protocol'
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
  // Called as a plain function: browsers refuse `fetch` with another `this`.
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
        // A hook that watches must not change what happens.
      }
    },
  }
}

/** An answer, read; `status` 0 means that the server could not be reached. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body where it is JSON */
  readonly json: unknown
  readonly ms: number
  readonly fault?: unknown
}

const MAX_ANSWER_BYTES = 1_048_576

/** Sends a request to a server and reads the answer, within the time limit and 1 MiB; follows no redirect. */
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

/** @returns the body as text, cut off at 1 MiB by an error */
export async function readText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const chunks: string[] = []
  const decoder = new TextDecoder()
  let bytes = 0
  const reader = response.body.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel()
      throw new RangeError(`answer longer than ${MAX_ANSWER_BYTES} bytes`)
    }
    chunks.push(decoder.decode(part.value, { stream: true }))
  }
  return chunks.join('') + decoder.decode()
}

/** A URL as it may be traced: without query and fragment. */
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
