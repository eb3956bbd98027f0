// Common handling for introspection and revocation: reads the form, authenticates the client by the rules of the token
// endpoint (an assertion counts once), and renders the response. The server decides who may call and what to return.
import {
  DECISION_CODES,
  describeAuthentication,
  describeMissingParameters,
  RETRY_AFTER_SECONDS,
  WIRE_DESCRIPTION,
  type XaaCode,
} from '@crosswalk/protocol'

import type { EventRecorder } from './event-recorder.ts'
import { answerFault } from './http/fault-answer.ts'
import { type Form, type FormProblem, readForm } from './http/form.ts'
import { newId } from './records/ids.ts'
import { challengeBasic, type JsonAnswer, renderJson } from './http/json-answer.ts'
import type { ClientObservation, ClientObserver } from './client-authentication/observe-client.ts'
import type { Clock } from './ports.ts'

export interface ManagementRequest {
  readonly form: Form
  readonly clientId: string
  readonly nowMs: number
}

export interface AuthenticatedCaller {
  readonly clientId: string
  /** How it authenticated; `none` for a client that sent only its `client_id` */
  readonly method: string
}

export interface ClientEndpointParts {
  readonly clock: Clock
  readonly clients: ClientObserver
  readonly events: Pick<EventRecorder, 'useOnce'>
  /** Why an authenticated client may not use this endpoint */
  findObstacle(client: AuthenticatedCaller): 'invalid_client' | 'unauthorized_client' | undefined
  handle(request: ManagementRequest): Promise<JsonAnswer>
  onFault(fault: unknown, reference: string): void
}

/** @returns the handler; `ip` is the client's address, if the HTTP layer knows it */
export function createClientEndpoint(
  parts: ClientEndpointParts,
): (request: Request, ip?: string) => Promise<Response> {
  async function answer(request: Request, ip: string | undefined): Promise<Response> {
    const nowMs = parts.clock.nowMs()
    const form = await readForm(request)
    if (!form.accepted) return renderUnread(form.refusal)
    if (form.value.repeated.length > 0) return renderJson({ http: 400, body: errorBody('invalid_request') })
    const { headers } = request
    const observed = await parts.clients.observe({ form: form.value, headers, receivedAtMs: nowMs, ip })
    if (observed.fact.state === 'refused')
      return renderUnauthenticated(
        { ...observed.fact, retryAfterSeconds: observed.retryAfterSeconds },
        request,
      )
    const refusal = await findRefusal(observed.fact, observed.replayKeys, request)
    return (
      refusal ?? renderJson(await parts.handle({ form: form.value, clientId: observed.fact.clientId, nowMs }))
    )
  }

  async function findRefusal(
    client: AuthenticatedCaller,
    replayKeys: ClientObservation['replayKeys'],
    request: Request,
  ): Promise<Response | undefined> {
    const obstacle = parts.findObstacle(client)
    if (obstacle === 'invalid_client') return renderUnauthenticated({ code: 'XAA1101' }, request)
    if (obstacle !== undefined) return renderJson({ http: 400, body: errorBody(obstacle) })
    // Last, so that a request refused for another reason does not consume the assertion.
    const used = await parts.events.useOnce(replayKeys)
    return used === undefined ? undefined : renderUnauthenticated({ code: 'XAA1102' }, request)
  }

  return async (request, ip) => {
    try {
      return await answer(request, ip)
    } catch (fault) {
      parts.onFault(fault, newId('flt'))
      return renderJson(answerFault(fault))
    }
  }
}

function errorBody(error: keyof typeof WIRE_DESCRIPTION): Readonly<Record<string, unknown>> {
  return { error, error_description: WIRE_DESCRIPTION[error] }
}

/** For a request that lacks required parameters. */
export function refuseIncomplete(names: readonly string[]): JsonAnswer {
  const error_description = describeMissingParameters(names)
  return { http: 400, body: { ...errorBody('invalid_request'), error_description } }
}

/** For a request whose form cannot be read. */
export function renderUnread({ http, description }: FormProblem): Response {
  return renderJson({
    http,
    body: { error: 'invalid_request', error_description: description },
    ...(http === 405 ? { headers: { allow: 'POST' } } : {}),
  })
}

export interface UnauthenticatedRefusal {
  readonly code: XaaCode
  /** As in `ClientFact` */
  readonly expected?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** For a client that failed to authenticate; only one that used the header gets a challenge (RFC 6749 section 5.2). */
export function renderUnauthenticated(
  { code, expected, retryAfterSeconds = RETRY_AFTER_SECONDS }: UnauthenticatedRefusal,
  request: Request,
): Response {
  const { http, error } = DECISION_CODES[code] as { http: number; error?: keyof typeof WIRE_DESCRIPTION }
  const hint = expected === undefined ? {} : { error_description: describeAuthentication(expected) }
  const challenge = challengeBasic(http, request, 'token management')
  const wait = http === 503 || http === 429 ? { 'retry-after': String(retryAfterSeconds) } : {}
  return renderJson({
    http,
    body: { ...errorBody(error ?? 'invalid_client'), ...hint },
    headers: { ...challenge, ...wait },
  })
}
