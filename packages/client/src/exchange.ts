// Leg 1: exchanges the user's token for an ID-JAG at the identity provider (RFC 8693). The result is checked before it
// is sent on, so that a grant never reaches the wrong server (CLI-06 to CLI-09).
import {
  asStringArray,
  GRANT_TYPE,
  isIdJagTyp,
  isNumericDate,
  isObject,
  parseScope,
  readResourceClaim,
  renderScope,
  TOKEN_TYPE,
  TOKEN_TYPE_NOT_APPLICABLE,
} from '@crosswalk/protocol'

import { buildError } from './build-error.ts'
import { compareValues } from './compare-values.ts'
import { decodeJwt, isEncryptedJwt } from './decode-jwt.ts'
import type { TokenServer } from './discovery.ts'
import type { DpopKey, Nonces } from './dpop.ts'
import type { ResourceRegistration, XaaOptions } from './options.ts'
import { Redacted } from './redacted.ts'
import { type Answer, readDecisionId, type Runtime } from './runtime.ts'
import { SUBJECT_TOKEN_TYPE, type Subject } from './session.ts'
import { requestToken } from './token-request.ts'
import { AnswerRefused } from './xaa-error.ts'

/** The resolved target of a crossing. */
export interface Target {
  readonly resource: string
  readonly server: TokenServer
  readonly registration: ResourceRegistration
  readonly scope: readonly string[]
  readonly dpop?: DpopKey
}

export interface IdJag {
  readonly assertion: Redacted
  /** Epoch seconds */
  readonly expiresAt: number
  /** Whether it names the resource itself, as far as it is readable */
  readonly namesResource: boolean
  readonly scope: readonly string[] | undefined
}

export interface ExchangeDependencies {
  readonly runtime: Runtime
  readonly nonces: Nonces
  readonly client: XaaOptions['client']
  readonly idp: TokenServer
}

/** @throws XaaError: refused by the identity provider, or AnswerRefused if the response does not match the request */
export async function exchange(
  { runtime, nonces, client, idp }: ExchangeDependencies,
  subject: Subject,
  target: Target,
): Promise<IdJag> {
  const { scope, dpop } = target
  const answer = await requestToken(runtime, nonces, {
    leg: 'exchange',
    server: idp,
    clientId: client.id,
    auth: client.auth,
    repeatable: true,
    ...(dpop === undefined ? {} : { dpop }),
    params: {
      grant_type: GRANT_TYPE.tokenExchange,
      requested_token_type: TOKEN_TYPE.idJag,
      subject_token: subject.token.reveal(),
      subject_token_type: SUBJECT_TOKEN_TYPE[subject.type],
      audience: target.server.issuer,
      resource: target.resource,
      ...(scope.length === 0 ? {} : { scope: renderScope(scope) }),
    },
  })
  if (answer.status !== 200) throw buildError(answer, { leg: 'exchange', server: idp.issuer, scope })
  return readIdJag(answer, {
    idp,
    target,
    nowSeconds: runtime.nowMs() / 1000,
    skew: runtime.clockSkewSeconds,
  })
}

interface Expectations {
  readonly idp: TokenServer
  readonly target: Target
  readonly nowSeconds: number
  readonly skew: number
}

function readIdJag(answer: Answer, expected: Expectations): IdJag {
  const body = isObject(answer.json) ? answer.json : {}
  const token = body.access_token
  const problem = findResponseProblem(body, expected.target) ?? findTokenProblem(token, expected)
  if (problem !== undefined || typeof token !== 'string') {
    throw new AnswerRefused({
      code: 'XAA5003',
      leg: 'exchange',
      server: expected.idp.issuer,
      evidence: problem ?? 'no token',
      ...readDecisionId(answer.headers),
    })
  }
  const claims = decodeJwt(token)?.claims
  const { exp, resource } = claims ?? {}
  return {
    assertion: new Redacted(token),
    expiresAt: isNumericDate(exp) ? exp : expected.nowSeconds + 60,
    namesResource:
      claims === undefined || readResourceClaim(resource)?.includes(expected.target.resource) === true,
    scope: readScope(body.scope ?? claims?.scope),
  }
}

export function readScope(scope: unknown): readonly string[] | undefined {
  if (typeof scope !== 'string') return undefined
  const parsed = parseScope(scope)
  return parsed.accepted ? parsed.value : undefined
}

/** The envelope (CLI-06, CLI-09): members may be missing, but not wrong. */
function findResponseProblem(
  body: Readonly<Record<string, unknown>>,
  { resource }: Target,
): string | undefined {
  if (body.issued_token_type !== TOKEN_TYPE.idJag) return 'issued_token_type is not the ID-JAG type'
  const type = body.token_type
  if (typeof type !== 'string' || type.toUpperCase() !== TOKEN_TYPE_NOT_APPLICABLE)
    return 'token_type is not N_A'
  if (typeof body.access_token !== 'string' || body.access_token === '') return 'access_token is empty'
  if (body.access_token.length > 65_536) return 'access_token is longer than 64 KiB'
  return body.resource === undefined || isOnly(body.resource, resource)
    ? undefined
    : compareValues('resource of the response', resource, body.resource)
}

function isOnly(value: unknown, wanted: string): boolean {
  const values = asStringArray(value)
  return values !== undefined && values.length > 0 && values.every((one) => one === wanted)
}

/** The ID-JAG itself, decoded but not verified, which is up to its server (CLI-07, CLI-08). */
function findTokenProblem(
  token: unknown,
  { idp, target, nowSeconds, skew }: Expectations,
): string | undefined {
  if (typeof token !== 'string') return 'access_token is empty'
  if (isEncryptedJwt(token))
    return target.dpop === undefined ? undefined : 'key binding of an encrypted ID-JAG cannot be checked'
  const jwt = decodeJwt(token)
  if (jwt === undefined) return 'the ID-JAG is not a JWT'
  const { header, claims } = jwt
  if (!isIdJagTyp(header.typ)) return 'typ is not that of an ID-JAG'
  if (claims.iss !== idp.issuer) return compareValues('iss of the ID-JAG', idp.issuer, claims.iss)
  if (!isOnly(claims.aud, target.server.issuer) || asStringArray(claims.aud)?.length !== 1)
    return compareValues('aud of the ID-JAG', target.server.issuer, claims.aud)
  if (claims.client_id !== target.registration.clientId)
    return compareValues('client_id of the ID-JAG', target.registration.clientId, claims.client_id)
  if (claims.resource !== undefined && !isOnly(claims.resource, target.resource))
    return compareValues('resource of the ID-JAG', target.resource, claims.resource)
  if (!isNumericDate(claims.exp) || claims.exp <= nowSeconds - skew)
    return compareValues(
      'exp of the ID-JAG',
      `after ${nowSeconds - skew} by the clock of this app`,
      claims.exp,
    )
  return findBindingProblem(claims.cnf, target.dpop)
}

function findBindingProblem(cnf: unknown, dpop: DpopKey | undefined): string | undefined {
  const jkt = isObject(cnf) ? cnf.jkt : undefined
  if (dpop === undefined)
    return cnf === undefined ? undefined : 'bound to a key although the app did not prove one'
  return jkt === dpop.jkt ? undefined : 'cnf.jkt is not our key: the binding was dropped'
}
