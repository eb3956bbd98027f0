// The common part of both token endpoints: reads the form, assigns ids to the request, lets a grant decide, and
// renders. It decides nothing; a fault inside becomes one generic response, recorded like any other, and nothing is
// granted.
import {
  DECISION_CODES,
  DECISION_HEADER,
  type DecisionCode,
  type DecisionFrame,
  type DecisionRecord,
  describeMissingParameters,
  type Result,
  WIRE_DESCRIPTION,
  type XaaCode,
  findOwn,
} from '@crosswalk/protocol'

import { activeTraceId, withSpan } from '@crosswalk/tracing'

import { answerFault, answerOverload, type FaultAnswer } from './http/fault-answer.ts'
import { type Form, type FormProblem, readForm } from './http/form.ts'
import { newId } from './records/ids.ts'
import { challengeBasic, type JsonAnswer, renderJson } from './http/json-answer.ts'
import type { Clock } from './ports.ts'

/** A token request with its body read; the input of a grant. */
export interface TokenRequest {
  readonly form: Form
  readonly headers: Headers
  readonly decisionId: string
  readonly traceId: string
  readonly receivedAtMs: number
  readonly ip: string | undefined
}

/** Decides a request of its grant type, records the decision, and responds. */
export type GrantHandler = (request: TokenRequest) => Promise<JsonAnswer | Response>

export interface UnreadRequest extends DecisionFrame {
  readonly problem: { readonly code: XaaCode; readonly detail: string }
}

export interface FaultedRequest extends DecisionFrame {
  /** Undefined if the fault happened before it was read */
  readonly grantType: string | undefined
  readonly fault: Pick<FaultAnswer, 'code' | 'retryAfterSeconds'>
}

export interface TokenEndpointParts {
  readonly clock: Clock
  /** By `grant_type` */
  readonly grants: Readonly<Record<string, GrantHandler | undefined>>
  /** Records a request that was refused because of its form. */
  refuseUnread(request: UnreadRequest): Promise<void>
  /** This server's codes for an unreadable request and an unsupported grant type */
  readonly codes: { readonly unread: XaaCode; readonly grantType: XaaCode }
  /** Records that a request met a fault. */
  recordFault(request: FaultedRequest): Promise<void>
  /** Called with each fault and the id that the caller received. */
  onFault(fault: unknown, decisionId: string): void
}

type Arrival = Omit<TokenRequest, 'form'>

/** How far a request got before a fault */
interface Progress {
  grantType: string | undefined
}

/** Serves one path. */
export interface Endpoint {
  /** @param ip - the address of the peer, if the HTTP layer knows it */
  (request: Request, ip?: string): Promise<Response>
  /**
   * The response to a request that is not read, because too many are in progress; recorded, but not in the ledger. Absent
   * for endpoints without decisions
   */
  refuseOverload?(request: Pick<Request, 'headers'>): Promise<Response>
}

export function createTokenEndpoint(
  parts: TokenEndpointParts,
): Endpoint & Required<Pick<Endpoint, 'refuseOverload'>> {
  const { clock, grants, codes, refuseUnread, recordFault, onFault } = parts

  async function refuseForm(
    arrival: Arrival,
    { http, description, ...problem }: UnreadRequest['problem'] & { http: number; description?: string },
  ): Promise<JsonAnswer> {
    await refuseUnread({ ...frameOf(arrival), problem })
    const { error = 'invalid_request' } = DECISION_CODES[problem.code] as DecisionCode
    const body = { error, error_description: description ?? WIRE_DESCRIPTION[error] }
    return { http, body, ...(http === 405 ? { headers: { allow: 'POST' } } : {}) }
  }

  async function answer(
    form: Result<Form, FormProblem>,
    arrival: Arrival & Progress,
  ): Promise<JsonAnswer | Response> {
    if (!form.accepted) return refuseForm(arrival, { ...form.refusal, code: codes.unread })
    const grantType = form.value.get('grant_type')
    arrival.grantType = grantType
    const grant = grantType === undefined ? undefined : findOwn(grants, grantType)
    if (form.value.repeated.includes('grant_type'))
      return refuseForm(arrival, { http: 400, code: codes.unread, detail: 'grant_type repeated' })
    if (grantType === undefined) {
      const description = describeMissingParameters(['grant_type'])
      return refuseForm(arrival, { http: 400, code: codes.unread, detail: 'grant_type missing', description })
    }
    if (grant === undefined)
      return refuseForm(arrival, { http: 400, code: codes.grantType, detail: 'grant_type not offered' })
    return grant({ ...arrival, form: form.value })
  }

  async function answerByFault(fault: unknown, arrival: Arrival & Progress): Promise<Response> {
    const { decisionId, grantType } = arrival
    onFault(fault, decisionId)
    const answer = answerFault(fault)
    await recordFault({ ...frameOf(arrival), grantType, fault: answer }).catch((second: unknown) =>
      onFault(second, decisionId),
    )
    return renderAnswer(answer, decisionId)
  }

  const arrive = ({ headers }: Pick<Request, 'headers'>, ip?: string): Arrival & Progress => ({
    grantType: undefined,
    headers,
    decisionId: newId('dec'),
    traceId: findTraceId(headers) ?? newId('trc'),
    receivedAtMs: clock.nowMs(),
    ip,
  })

  const handle = async (request: Request, ip?: string): Promise<Response> => {
    const arrival = arrive(request, ip)
    try {
      const form = await withSpan('parse', () => readForm(request))
      const answered = await answer(form, arrival)
      return answered instanceof Response ? answered : renderAnswer(answered, arrival.decisionId)
    } catch (fault) {
      return answerByFault(fault, arrival)
    }
  }
  return Object.assign(handle, {
    async refuseOverload(request: Pick<Request, 'headers'>) {
      const arrival = arrive(request)
      const overload = answerOverload()
      await recordFault({ ...frameOf(arrival), grantType: undefined, fault: overload })
      return renderAnswer(overload, arrival.decisionId)
    },
  })
}

/** The facts that every decision about a request has. */
export function frameOf({ decisionId, traceId, receivedAtMs }: Arrival): DecisionFrame {
  return { decisionId, traceId, nowMs: receivedAtMs, mode: 'enforced' }
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** The trace of a request: the active one, or the one sent by the caller (W3C Trace Context). */
export function findTraceId(headers: Pick<Headers, 'get'>): string | undefined {
  return activeTraceId() ?? TRACEPARENT.exec(headers.get('traceparent') ?? '')?.[1]
}

/** The wire form of a refusal: OAuth members only (RFC 6749 section 5.2). */
export function answerRefusal(
  { wire }: Pick<DecisionRecord, 'wire'>,
  request: Pick<TokenRequest, 'headers'>,
  dpopNonce?: string,
): JsonAnswer {
  const { http, retry_after: retryAfterSeconds, ...body } = wire
  return {
    http,
    body,
    headers: {
      ...challengeBasic(http, request, 'token endpoint'),
      ...(dpopNonce === undefined ? {} : { 'dpop-nonce': dpopNonce }),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  }
}

export function renderAnswer({ http, body, headers }: JsonAnswer, decisionId: string): Response {
  return renderJson({ http, body, headers: { [DECISION_HEADER]: decisionId, ...headers } })
}
