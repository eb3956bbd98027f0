// The endpoint to which security events are pushed (RFC 8935) as far as it is HTTP: reads one, bounded, before any
// cryptography, and answers. The server that mounts it decides whether it counts.
import {
  accept,
  type JwtFact,
  refuse,
  type Result,
  SECURITY_EVENT_TYPE,
  type SetRefusal,
} from '@crosswalk/protocol'

import { answerFault } from '../fault-answer.ts'
import { newId } from '../ids.ts'
import { readAtMost } from '../read-at-most.ts'

/** As long as any JWT may be that is read here. */
const MAX_BODY_BYTES = 16 * 1024
const NO_STORE = { 'cache-control': 'no-store' }

/** Refused by what it says, or `later`: not to be judged now, since its keys cannot be reached */
export type PushRefusal = SetRefusal | 'later'

export interface PushReceiver {
  /** @returns accepted once what the event ends is durable */
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
      return received.refusal === 'later' ? askAgainLater() : renderRefusal(received.refusal)
    } catch (fault) {
      onFault(fault, newId('flt'))
      const { http, headers } = answerFault(fault)
      return new Response(null, { status: http, headers: { ...headers, ...NO_STORE } })
    }
  }
}

/** The answer to a token that cannot be judged now. */
export function askAgainLater(): Response {
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
    : accept(read.toString('utf8').trim())
}

/** RFC 8935 section 2.3. */
function renderRefusal({ error, detail }: SetRefusal): Response {
  return Response.json({ err: error, description: detail }, { status: 400, headers: NO_STORE })
}

const WRONG_SIGNATURE = { error: 'authentication_failed', detail: 'the signature is wrong' } as const
const KEY_REFUSED = { error: 'invalid_key', detail: 'the key or algorithm is not taken' } as const

/** What an issuer is told of the signature of its token; undefined: it is valid. */
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
