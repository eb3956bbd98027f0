// Hands the grants of interactive sign-in (authorization code, refresh token) to the provider, and records what came out.
import {
  type DecisionRecorder,
  type Grant,
  parseClientCredentials,
  type RecentRefusals,
  type TokenRequest,
} from '@crosswalk/authorization-server'
import { recordSignInGrant } from '@crosswalk/policy'
import { DECISION_HEADER, type DecisionRecord } from '@crosswalk/protocol'

import type { SignIn } from './sign-in/contract.ts'

export interface SignInGrantParts {
  readonly signIn: Pick<SignIn, 'fetch'>
  readonly tokenEndpoint: string
  readonly recorder: DecisionRecorder
  readonly recentRefusals: RecentRefusals
  revision(): number
}

/** @returns a grant whose answer is the provider's, with the header that names its record */
export function createSignInGrant(parts: SignInGrantParts): Grant {
  return async (request) => {
    const response = await parts.signIn.fetch(rebuild(request, parts.tokenEndpoint))
    const body = await response.text()
    const record = describe(request, response.status, body, parts.revision())
    const authenticated = record.code !== 'XAA1101'
    await parts.recorder.refuse(record, {
      type: response.ok ? 'signin.tokens_issued' : 'signin.tokens_refused',
      authenticated,
    })
    const headers = new Headers(response.headers)
    headers.set(DECISION_HEADER, request.decisionId)
    headers.set('cache-control', 'no-store')
    headers.set('pragma', 'no-cache')
    return new Response(body, { status: response.status, headers })
  }
}

function rebuild({ headers, form }: TokenRequest, tokenEndpoint: string): Request {
  return new Request(tokenEndpoint, {
    method: 'POST',
    headers: new Headers([...headers].filter(([name]) => name !== 'content-length')),
    body: form.raw,
  })
}

function describe(
  { decisionId, traceId, receivedAtMs: nowMs, form, headers }: TokenRequest,
  http: number,
  body: string,
  revision: number,
): DecisionRecord {
  const credentials = parseClientCredentials({ authorization: headers.get('authorization'), form })
  const clientId = credentials.accepted ? credentials.value.clientId : undefined
  return recordSignInGrant({
    decisionId,
    traceId,
    nowMs,
    mode: 'enforced',
    grantType: form.get('grant_type') ?? '',
    clientId,
    http,
    error: readError(http, body),
    revision,
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
