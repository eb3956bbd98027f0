// The HTTP part of an endpoint that receives pushed security events (RFC 8935): reads one bounded event before any
// cryptography, and responds. The server that mounts it decides whether the event counts.
import {
  accept,
  type JwtFact,
  readAtMost,
  refuse,
  type Result,
  SECURITY_EVENT_TYPE,
  type SetRefusal,
} from '@crosswalk/protocol'

import { answerFault } from '../http/fault-answer.ts'
import { newId } from '../records/ids.ts'

/** The maximum length of any JWT read here. */
const MAX_BODY_BYTES = 16 * 1024
const NO_STORE = { 'cache-control': 'no-store' }

/** A refusal because of the content, or `later` if the keys are unreachable and the event cannot be judged now */
export type PushRefusal = SetRefusal | 'later'

export interface PushReceiver {
  /** @returns accepted once the effects of the event are durable */
  receive(token: string): Promise<Result<undefined, PushRefusal>>
  onFault(fault: unknown, reference: string): void
}

export function createPushEndpoint({
  receive,
  onFault,
}: PushReceiver): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'POST')
      return new Response(null, { status: 405, headers: { allow: 'POST', ...NO_STORE } })
    try {
      const token = await readBody(request)
      const received = token.accepted ? await receive(token.value) : token
      if (received.accepted) return new Response(null, { status: 202, headers: NO_STORE })
      return received.refusal === 'later' ? respondRetryLater() : renderRefusal(received.refusal)
    } catch (fault) {
      onFault(fault, newId('flt'))
      const { http, headers } = answerFault(fault)
      return new Response(null, { status: http, headers: { ...headers, ...NO_STORE } })
    }
  }
}

/** The response to a token that cannot be judged now. */
export function respondRetryLater(): Response {
  return new Response(null, { status: 503, headers: { 'retry-after': '5', ...NO_STORE } })
}

/** @see RFC 8935 section 2.1 */
async function readBody(request: Request): Promise<Result<string, SetRefusal>> {
  const invalid = (detail: string) => refuse({ error: 'invalid_request' as const, detail })
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== SECURITY_EVENT_TYPE) return invalid(`the content type is not ${SECURITY_EVENT_TYPE}`)
  const read = await readAtMost(request.body, MAX_BODY_BYTES)
  return read === undefined
    ? invalid(`the body is over ${MAX_BODY_BYTES} bytes`)
    : accept(new TextDecoder().decode(read).trim())
}

/** RFC 8935 section 2.3. */
function renderRefusal({ error, detail }: SetRefusal): Response {
  return Response.json({ err: error, description: detail }, { status: 400, headers: NO_STORE })
}

const WRONG_SIGNATURE = { error: 'authentication_failed', detail: 'the signature is wrong' } as const
const KEY_REFUSED = { error: 'invalid_key', detail: 'the key or algorithm is not accepted' } as const

/** What the issuer is told about the signature of its token; undefined if it is valid. */
export const SIGNATURE_REFUSAL: Readonly<
  Record<Extract<JwtFact, { state: 'read' }>['signature'], PushRefusal | undefined>
> = {
  valid: undefined,
  invalid: WRONG_SIGNATURE,
  'not-checked': WRONG_SIGNATURE,
  'unknown-key': KEY_REFUSED,
  'algorithm-refused': KEY_REFUSED,
  'keys-refused': KEY_REFUSED,
  'keys-unreachable': 'later',
}
