// The grants of interactive sign-in (authorization code, refresh token): the provider answers once the client is who it says
// and asks no more often than it may; its answer is a fact that is recorded before it is passed on.
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
import { evaluateSignInGrant, mayAskProvider, type SignInGrantFacts } from '@crosswalk/policy'
import { DECISION_HEADER } from '@crosswalk/protocol'

import type { SignIn } from '../sign-in/contract.ts'

export interface SignInGrantParts {
  readonly signIn: Pick<SignIn, 'fetch'>
  readonly tokenEndpoint: string
  readonly clients: ClientObserver
  readonly recorder: DecisionRecorder
  readonly clock: Clock
  snapshot(): { readonly revision: number }
}

interface Facts extends CallerFacts, Omit<SignInGrantFacts, keyof CallerFacts> {
  /** The answer of the provider, under the id of the decision */
  readonly response: Response | undefined
}

/** @returns a handler whose answer is the provider's, with the header that names its record */
export function createSignInGrant(parts: SignInGrantParts): GrantHandler {
  const { clock, recorder, clients, snapshot } = parts
  const grant: Grant<Facts, { readonly revision: number }> = {
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
        if (response === undefined) throw new TypeError('only an answer of the provider is allowed')
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
      // The provider looks at client and proof of key once more, and is the one that uses them up.
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
