// The shell that both token endpoints share: read the form, give the request its ids, let a grant decide, render.
// It decides nothing; a fault inside becomes one generic answer, and nothing is granted.
import { DECISION_CODES, DECISION_HEADER, type DecisionRecord, WIRE_DESCRIPTION } from '@crosswalk/protocol'

import { type Form, type FormProblem, readForm } from './form.ts'
import { newId } from './ids.ts'
import type { Clock } from './ports.ts'

/** One token request, its body read; what a grant gets to see. */
export interface TokenRequest {
  readonly form: Form
  readonly headers: Headers
  readonly decisionId: string
  readonly traceId: string
  readonly receivedAtMs: number
  readonly ip: string | undefined
}

/** What a grant answers: a body for the wire, and headers beyond the ones every answer has. */
export interface TokenAnswer {
  readonly http: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

export interface TokenEndpointParts {
  readonly clock: Clock
  /** Decides a well-formed request. */
  handle(request: TokenRequest): Promise<TokenAnswer | Response>
  /** Records a request that was refused before it was read. */
  refuseUnread(request: Omit<TokenRequest, 'form'>, problem: FormProblem): void
  /** Told about faults, with the id that the caller got. */
  onFault(fault: unknown, decisionId: string): void
}

/** @returns the handler of a token endpoint; `ip` is the address of the peer, where the HTTP layer knows it */
export function createTokenEndpoint(
  parts: TokenEndpointParts,
): (request: Request, ip?: string) => Promise<Response> {
  return async (request, ip) => {
    const frame = {
      headers: request.headers,
      decisionId: newId('dec'),
      traceId: readTraceId(request.headers.get('traceparent')) ?? newId('trc'),
      receivedAtMs: parts.clock.nowMs(),
      ip,
    }
    try {
      const form = await readForm(request)
      if (!form.accepted) {
        parts.refuseUnread(frame, form.refusal)
        return renderAnswer(answerUnread(form.refusal), frame.decisionId)
      }
      const answer = await parts.handle({ ...frame, form: form.value })
      return answer instanceof Response ? answer : renderAnswer(answer, frame.decisionId)
    } catch (fault) {
      parts.onFault(fault, frame.decisionId)
      const { http, error } = DECISION_CODES.XAA9001
      return renderAnswer(
        { http, body: { error, error_description: WIRE_DESCRIPTION[error] } },
        frame.decisionId,
      )
    }
  }
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** The trace id of a W3C Trace Context header, if the caller sent one. */
export function readTraceId(traceparent: string | null): string | undefined {
  return traceparent === null ? undefined : TRACEPARENT.exec(traceparent)?.[1]
}

function answerUnread({ http }: FormProblem): TokenAnswer {
  const body = { error: 'invalid_request', error_description: WIRE_DESCRIPTION.invalid_request }
  return { http, body, ...(http === 405 ? { headers: { allow: 'POST' } } : {}) }
}

/** The wire form of a refusal: OAuth members only (RFC 6749 section 5.2). */
export function answerRefusal(
  { wire }: DecisionRecord,
  request: Pick<TokenRequest, 'headers'>,
  dpopNonce?: string,
): TokenAnswer {
  const { http, retry_after: retryAfterSeconds, ...body } = wire
  const challenge =
    http === 401 && request.headers.has('authorization')
      ? { 'www-authenticate': 'Basic realm="token endpoint", charset="UTF-8"' }
      : {}
  return {
    http,
    body,
    headers: {
      ...challenge,
      ...(dpopNonce === undefined ? {} : { 'dpop-nonce': dpopNonce }),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  }
}

export function renderAnswer({ http, body, headers }: TokenAnswer, decisionId: string): Response {
  return new Response(JSON.stringify(body), {
    status: http,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      [DECISION_HEADER]: decisionId,
      ...headers,
    },
  })
}
