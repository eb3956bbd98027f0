// Why a request is refused, and its HTTP response (RFC 6750 section 3, RFC 9449 section 7.1, RFC 9470, RFC 9728 section
// 5.1).
import { DECISION_CODES, type DecisionCode, WIRE_DESCRIPTION, type XaaCode } from '@crosswalk/protocol'

export interface TokenRefusal {
  readonly code: XaaCode
  readonly status: number
  /** OAuth error; absent if no token was sent */
  readonly error?: RefusalError
  /** For logs; never on the wire */
  readonly detail: string
  readonly scheme: 'Bearer' | 'DPoP'
  /** The operation's required scopes */
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

/** A refusal with status and error from the table of codes, unless `change` overrides them. */
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
    // RFC 6750 section 3.1: the response to a request without credentials contains no error.
    ...(error === undefined || code === 'XAA3001' ? {} : { error: error as RefusalError }),
    ...change,
  }
}

export interface ChallengeContext {
  readonly metadataUrl: string
  readonly dpopRequired: boolean
  readonly dpopAlgorithms: readonly string[]
}

/** Quoted strings: they never contain request data, but a configured value might contain a quote. */
function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** @returns the value of `WWW-Authenticate` */
function renderChallenge(refusal: TokenRefusal, context: ChallengeContext): string {
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

/** The response to a refusal, independent of any framework. */
export interface RefusalAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function renderRefusal(refusal: TokenRefusal, context: ChallengeContext): RefusalAnswer {
  const { status, error, code } = refusal
  const about = error === undefined ? {} : { error, error_description: WIRE_DESCRIPTION[error] }
  // Every refusal states how to get access (RFC 6750 section 3), except a 503.
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
