// The grants of interactive sign-in (authorization code, refresh token). The provider responds once the client is
// authenticated and within its rate limit; its response is a fact that is recorded before it is sent.
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
  type SignInGrantFacts,
  type SignInGrantSnapshot,
} from '@crosswalk/policy'
import { DECISION_HEADER } from '@crosswalk/protocol'

import type { SignIn } from '../sign-in/contract.ts'

export interface SignInGrantParts {
  readonly signIn: Pick<SignIn, 'fetch'>
  readonly tokenEndpoint: string
  readonly clients: ClientObserver
  readonly recorder: DecisionRecorder
  readonly clock: Clock
  snapshot(): SignInGrantSnapshot
}

interface Facts extends CallerFacts, Omit<SignInGrantFacts, keyof CallerFacts> {
  /** The response of the provider, under the id of the decision */
  readonly response: Response | undefined
}

/** @returns a handler that returns the provider's response, plus a header that names its record */
export function createSignInGrant(parts: SignInGrantParts): GrantHandler {
  const { clock, recorder, clients, snapshot } = parts
  const grant: Grant<Facts, SignInGrantSnapshot> = {
    snapshot,
    observe: async (request, caller) => ({
      ...caller,
      grantType: request.form.get('grant_type') ?? '',
      ...(mayAskProvider(caller) ? await askProvider(request, parts) : { response: undefined }),
    }),
    evaluate: evaluateSignInGrant,
    describeRefusal: ({ code }, { response }) => ({
      type: 'signin.tokens_refused',
      ...(code === 'XAA1101' ? { authenticated: false } : {}),
      response,
    }),
    draft: (_record, { response }) => ({
      type: 'signin.tokens_issued',
      async issue() {
        if (response === undefined) throw new TypeError('only a response of the provider is allowed')
        return response
      },
    }),
    withUsed() {
      throw new TypeError('a sign-in grant consumes no replay key of its own')
    },
  }
  return (request) =>
    runGrant(grant, request, {
      clock,
      recorder,
      // The provider checks client and proof of possession again, and consumes their replay keys.
      clients: { ...clients, observe: async (it) => ({ ...(await clients.observe(it)), replayKeys: [] }) },
      dpop: { observe: () => ({ fact: { state: 'absent' } }) },
    })
}

async function askProvider(
  request: TokenRequest,
  { signIn, tokenEndpoint }: SignInGrantParts,
): Promise<Pick<Facts, 'answer' | 'response'>> {
  const answered = await signIn.fetch(rebuild(request, tokenEndpoint), request.ip)
  const { status } = answered
  const body = await answered.text()
  const headers = new Headers(answered.headers)
  headers.set(DECISION_HEADER, request.decisionId)
  headers.set('cache-control', 'no-store')
  headers.set('pragma', 'no-cache')
  return {
    answer: { http: status, error: readError(status, body) },
    response: new Response(body, { status, headers }),
  }
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
