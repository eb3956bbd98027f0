// Why a request is refused, and how that is said in HTTP (RFC 6750 section 3, RFC 9449 section 7.1, RFC 9470, RFC 9728
// section 5.1).
import { DECISION_CODES, type DecisionCode, WIRE_DESCRIPTION, type XaaCode } from '@crosswalk/protocol'

export interface TokenRefusal {
  readonly code: XaaCode
  readonly status: number
  /** OAuth error; absent where no token was sent */
  readonly error?: RefusalError
  /** For logs; never on the wire */
  readonly detail: string
  readonly scheme: 'Bearer' | 'DPoP'
  /** What the operation needs */
  readonly scope?: readonly string[]
  readonly acrValues?: readonly string[]
  readonly maxAgeSeconds?: number
}

export type RefusalError =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'invalid_dpop_proof'
  | 'temporarily_unavailable'

/** A refusal with status and error from the table of codes, unless `change` says otherwise. */
export function buildRefusal(
  code: XaaCode,
  detail: string,
  change: Partial<TokenRefusal> = {},
): TokenRefusal {
  const { http, error }: DecisionCode = DECISION_CODES[code]
  return {
    code,
    detail,
    status: http,
    scheme: 'Bearer',
    // RFC 6750 section 3.1: a request without credentials is told no error.
    ...(error === undefined || code === 'XAA3001' ? {} : { error: error as RefusalError }),
    ...change,
  }
}

export interface ChallengeContext {
  readonly metadataUrl: string
  readonly dpopRequired: boolean
  readonly dpopAlgorithms: readonly string[]
}

/** Quoted strings: nothing of the request ever goes in, but a configured value might have a quote. */
function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** @returns the value of `WWW-Authenticate` */
export function renderChallenge(refusal: TokenRefusal, context: ChallengeContext): string {
  const { error, scope, acrValues, maxAgeSeconds } = refusal
  const dpop = refusal.scheme === 'DPoP' || context.dpopRequired
  const params = {
    ...(error === undefined ? {} : { error, error_description: WIRE_DESCRIPTION[error] }),
    ...(scope === undefined || scope.length === 0 ? {} : { scope: scope.join(' ') }),
    ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
    resource_metadata: context.metadataUrl,
    ...(dpop ? { algs: context.dpopAlgorithms.join(' ') } : {}),
  }
  const rendered = Object.entries(params).map(([name, value]) => `${name}=${quote(value)}`)
  return `${dpop ? 'DPoP' : 'Bearer'} ${rendered.join(', ')}`
}

/** What is sent for a refusal, apart from any framework. */
export interface RefusalAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function renderRefusal(refusal: TokenRefusal, context: ChallengeContext): RefusalAnswer {
  const { status, error, code } = refusal
  const about = error === undefined ? {} : { error, error_description: WIRE_DESCRIPTION[error] }
  // Every refusal says how to get in (RFC 6750 section 3); 503 is about something else.
  const challenge = status === 503 ? {} : { 'www-authenticate': renderChallenge(refusal, context) }
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'access-control-expose-headers': 'WWW-Authenticate',
      ...challenge,
      ...(status === 503 ? { 'retry-after': '2' } : {}),
    },
    body: JSON.stringify({ ...about, code }),
  }
}
