// The grants of interactive sign-in (authorization code, refresh token). The provider responds once the client is
// authenticated and within its rate limit. Its response is a fact; the use of the code or refresh token and the new
// tokens become durable with the record, before it is sent.
import {
  type CallerFacts,
  type ClientObserver,
  type Clock,
  type DecisionRecorder,
  type Grant,
  type GrantHandler,
  runGrant,
  type TokenRequest,
} from '@crosswalk/as-core'
import {
  evaluateSignInGrant,
  mayAskProvider,
  type SignInGrantAnswer,
  type SignInGrantFacts,
  type SignInGrantSnapshot,
} from '@crosswalk/policy'
import { DECISION_HEADER } from '@crosswalk/protocol'

import { EXPOSED_HEADERS } from '../open-refusal.ts'
import type { Users } from '../ports.ts'
import type { Issuance, SignIn } from '../sign-in/contract.ts'

export interface SignInGrantParts {
  readonly signIn: Pick<SignIn, 'fetchTokens' | 'revokeFamily'>
  readonly tokenEndpoint: string
  readonly clients: ClientObserver
  readonly recorder: DecisionRecorder
  readonly clock: Clock
  readonly users: Pick<Users, 'findById'>
  snapshot(): SignInGrantSnapshot
}

interface Facts extends CallerFacts, Omit<SignInGrantFacts, keyof CallerFacts> {
  /** The response of the provider, under the id of the decision */
  readonly response: Response | undefined
  readonly issuance?: Issuance
  /** Whether another request used the code or refresh token meanwhile */
  readonly isReused?: boolean
}

/** @returns a handler that returns the provider's response, plus a header that names its record */
export function createSignInGrant(parts: SignInGrantParts): GrantHandler {
  const { clock, recorder, clients, snapshot, signIn } = parts
  const grant: Grant<Facts, SignInGrantSnapshot> = {
    snapshot,
    observe: async (request, caller) => ({
      ...caller,
      grantType: request.form.get('grant_type') ?? '',
      ...(mayAskProvider(caller, snapshot()) ? await askProvider(request, parts) : { response: undefined }),
    }),
    evaluate: evaluateSignInGrant,
    describeRefusal: ({ code }, { response }) => ({
      type: 'signin.tokens_refused',
      ...(code === 'XAA1101' || code === 'XAA1102' ? { authenticated: false } : {}),
      response,
    }),
    // A code or refresh token that was used twice is in the wrong hands (RFC 9700 section 4.14.2).
    async afterRefusal(_record, { isReused, issuance }) {
      if (isReused === true && issuance?.family !== undefined) await signIn.revokeFamily(issuance.family)
    },
    draft: (_record, { response, issuance }) => ({
      type: 'signin.tokens_issued',
      replayKeys: issuance?.replayKeys,
      signInRecords: issuance,
      async issue() {
        if (response === undefined) throw new TypeError('only a response of the provider is allowed')
        return response
      },
    }),
    // Another request used it first, in this process or another one.
    withUsed: (facts) => ({
      ...facts,
      isReused: true,
      answer: { http: 400, error: 'invalid_grant' },
      response: undefined,
    }),
  }
  return (request) =>
    runGrant(grant, request, {
      clock,
      recorder,
      // The provider checks client and proof of possession again, and consumes their replay keys. So the request cannot be
      // observed again if definitions change meanwhile. A user who was disabled meanwhile gets tokens that no longer work:
      // each use looks up the user, and a refresh token its session.
      clients: { ...clients, observe: async (it) => ({ ...(await clients.observe(it)), replayKeys: [] }) },
      dpop: { observe: () => ({ fact: { state: 'absent' } }) },
    })
}

async function askProvider(
  request: TokenRequest,
  { signIn, tokenEndpoint, users }: SignInGrantParts,
): Promise<Pick<Facts, 'answer' | 'response' | 'issuance' | 'userId' | 'user'>> {
  const { response: answered, issuance } = await signIn.fetchTokens(
    rebuild(request, tokenEndpoint),
    request.ip,
  )
  const { status } = answered
  const { userId } = issuance
  const body = await answered.text()
  const headers = new Headers(answered.headers)
  headers.set(DECISION_HEADER, request.decisionId)
  // For browser apps; the library lists only its own headers.
  if (headers.has(EXPOSED_HEADERS)) headers.append(EXPOSED_HEADERS, DECISION_HEADER)
  // RFC 6749 section 5.1; the library sends only Cache-Control.
  headers.set('pragma', 'no-cache')
  const answer = { http: status, ...readError(status, body) }
  return {
    answer,
    // Without the library's response, ours is rendered from the record.
    response: answer.error === 'unauthorized_client' ? undefined : new Response(body, { status, headers }),
    issuance,
    userId,
    user: userId === undefined ? undefined : await users.findById(userId),
  }
}

function rebuild({ headers, form }: TokenRequest, tokenEndpoint: string): Request {
  return new Request(tokenEndpoint, { method: 'POST', headers, body: form.raw })
}

/** RFC 6749 section 5.2 has an error for this, which the library does not use. */
const NOT_ALLOWED = 'requested grant type is not allowed for this client'

function readError(http: number, body: string): Pick<SignInGrantAnswer, 'error' | 'detail'> {
  if (http === 200) return {}
  try {
    const { error, error_description: detail } = JSON.parse(body) as Record<string, unknown>
    if (detail === NOT_ALLOWED) return { error: 'unauthorized_client', detail }
    return {
      error: typeof error === 'string' ? error : 'invalid_request',
      ...(typeof detail === 'string' ? { detail } : {}),
    }
  } catch {
    return { error: 'invalid_request' }
  }
}
