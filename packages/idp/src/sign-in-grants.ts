// Hands the grants of interactive sign-in (authorization code, refresh token) to the provider, once the client is who it
// says and asks no more often than it may, and records what came out.
import {
  addTiming,
  answerRefusal,
  type ClientObserver,
  type Clock,
  type DecisionRecorder,
  type Grant,
  type TokenAnswer,
  type TokenRequest,
} from '@crosswalk/as-core'
import { recordSignInGrant, refuseSignInGrant, type SignInGrantFacts } from '@crosswalk/policy'
import { DECISION_HEADER, type DecisionRecord } from '@crosswalk/protocol'

import type { SignIn } from './sign-in/contract.ts'

export interface SignInGrantParts {
  readonly signIn: Pick<SignIn, 'fetch'>
  readonly tokenEndpoint: string
  readonly clients: ClientObserver
  readonly recorder: DecisionRecorder
  readonly clock: Clock
  revision(): number
}

/** @returns a grant whose answer is the provider's, with the header that names its record */
export function createSignInGrant(parts: SignInGrantParts): Grant {
  return async (request) => {
    // The provider looks at the client once more, and is the one that uses a client assertion up.
    const { fact: client, retryAfterSeconds } = await parts.clients.observe(request)
    const facts = readFacts(request, { client, revision: parts.revision() })
    const refusal = refuseSignInGrant({ ...facts, retryAfterSeconds })
    return refusal === undefined
      ? askProvider(request, facts, parts)
      : refuse(refusal, request, { parts, facts })
  }
}

function readFacts(
  { decisionId, traceId, receivedAtMs: nowMs, form }: TokenRequest,
  known: Pick<SignInGrantFacts, 'client' | 'revision'>,
): SignInGrantFacts {
  return { decisionId, traceId, nowMs, mode: 'enforced', grantType: form.get('grant_type') ?? '', ...known }
}

async function refuse(
  record: DecisionRecord,
  request: TokenRequest,
  { parts, facts }: { readonly parts: SignInGrantParts; readonly facts: SignInGrantFacts },
): Promise<TokenAnswer> {
  await parts.recorder.refuse(addTiming(record, request, parts.clock), {
    type: 'signin.tokens_refused',
    authenticated: facts.client.state === 'authenticated',
  })
  return answerRefusal(record, request)
}

async function askProvider(
  request: TokenRequest,
  facts: SignInGrantFacts,
  parts: SignInGrantParts,
): Promise<Response> {
  const response = await parts.signIn.fetch(rebuild(request, parts.tokenEndpoint), request.ip)
  const body = await response.text()
  const record = recordSignInGrant(facts, { http: response.status, error: readError(response.status, body) })
  await parts.recorder.refuse(addTiming(record, request, parts.clock), {
    type: response.ok ? 'signin.tokens_issued' : 'signin.tokens_refused',
    authenticated: record.code !== 'XAA1101',
  })
  const headers = new Headers(response.headers)
  headers.set(DECISION_HEADER, request.decisionId)
  headers.set('cache-control', 'no-store')
  headers.set('pragma', 'no-cache')
  return new Response(body, { status: response.status, headers })
}

function rebuild({ headers, form }: TokenRequest, tokenEndpoint: string): Request {
  return new Request(tokenEndpoint, {
    method: 'POST',
    headers: new Headers([...headers].filter(([name]) => name !== 'content-length')),
    body: form.raw,
  })
}

function readError(http: number, body: string): string | undefined {
  if (http === 200) return undefined
  try {
    const { error } = JSON.parse(body) as { error?: unknown }
    return typeof error === 'string' ? error : 'invalid_request'
  } catch {
    return 'invalid_request'
  }
}
