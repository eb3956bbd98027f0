// Leg 2: redeems the ID-JAG for an access token at the resource's own authorization server (RFC 7523 section 2.1).
import {
  asStringArray,
  describeValue,
  GRANT_TYPE,
  isNumericDate,
  isObject,
  renderScope,
} from '@crosswalk/protocol'

import { buildError } from './build-error.ts'
import { compareValues } from './compare-values.ts'
import { decodeJwt } from './decode-jwt.ts'
import type { Nonces } from './dpop.ts'
import { type IdJag, readScope, type Target } from './exchange.ts'
import { Redacted } from './redacted.ts'
import { type Answer, readDecisionId, type Runtime } from './runtime.ts'
import { requestToken } from './token-request.ts'
import { AnswerRefused } from './xaa-error.ts'

/** An access token for one resource and one user. */
export interface AccessToken {
  readonly value: Redacted
  readonly tokenType: 'Bearer' | 'DPoP'
  /** Granted scopes, if a server stated them */
  readonly scope?: readonly string[]
  /** Epoch seconds */
  readonly expiresAt: number
  /** Decision record of the authorization server that issued it */
  readonly decisionId?: string
}

const MAX_TOKEN_CHARACTERS = 65_536
/** For opaque tokens whose lifetime the server does not state. */
const UNKNOWN_LIFETIME_SECONDS = 300

/** @throws XaaError: refused by the server, or AnswerRefused if the response does not match the request */
export async function redeem(
  { runtime, nonces }: { readonly runtime: Runtime; readonly nonces: Nonces },
  idJag: IdJag,
  { target, sentBefore }: { readonly target: Target; readonly sentBefore: boolean },
): Promise<AccessToken> {
  const { server, registration, scope, dpop } = target
  const answer = await requestToken(runtime, nonces, {
    leg: 'redemption',
    server,
    clientId: registration.clientId,
    auth: registration.auth,
    // A failure may occur after the ID-JAG was used: the caller gets a new one instead.
    repeatable: false,
    ...(dpop === undefined ? {} : { dpop }),
    params: {
      grant_type: chooseGrantType(target),
      assertion: idJag.assertion.reveal(),
      // Only what the ID-JAG names may be requested; MCP requires the parameter wherever possible.
      ...(idJag.namesResource ? { resource: target.resource } : {}),
      ...(registration.sendScope === true && scope.length > 0 ? { scope: renderScope(scope) } : {}),
    },
  })
  if (answer.status !== 200)
    throw buildError(answer, { leg: 'redemption', server: server.issuer, scope, sentBefore })
  return readAccessToken(answer, target, { nowSeconds: runtime.nowMs() / 1000, scope: idJag.scope })
}

/** The separate grant type for bound ID-JAGs is used only if the metadata lists it (DPOP-09). */
function chooseGrantType({ dpop, server }: Target): string {
  const announced = server.grantTypes?.includes(GRANT_TYPE.jwtDpop) === true
  return dpop !== undefined && announced ? GRANT_TYPE.jwtDpop : GRANT_TYPE.jwtBearer
}

function readAccessToken(
  answer: Answer,
  target: Target,
  known: { readonly nowSeconds: number; readonly scope: readonly string[] | undefined },
): AccessToken {
  const body = isObject(answer.json) ? answer.json : {}
  const problem = findProblem(body, target)
  const { access_token: token } = body
  if (problem !== undefined || typeof token !== 'string') {
    throw new AnswerRefused({
      code: 'XAA5003',
      leg: 'redemption',
      server: target.server.issuer,
      evidence: problem ?? 'no token',
      ...readDecisionId(answer.headers),
    })
  }
  const claims = decodeJwt(token)?.claims
  const scope = readScope(body.scope ?? claims?.scope) ?? known.scope
  return {
    value: new Redacted(token),
    tokenType: readTokenType(body) === 'dpop' ? 'DPoP' : 'Bearer',
    ...(scope === undefined ? {} : { scope }),
    expiresAt: findExpiry(body.expires_in, claims?.exp, known.nowSeconds),
    ...readDecisionId(answer.headers),
  }
}

function findProblem(
  body: Readonly<Record<string, unknown>>,
  { dpop, resource }: Target,
): string | undefined {
  const { access_token: token } = body
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return 'access_token is empty or malformed'
  if (token.length > MAX_TOKEN_CHARACTERS) return 'access_token is longer than 64 KiB'
  const type = readTokenType(body)
  if (type !== 'bearer' && type !== 'dpop') return 'token_type is neither Bearer nor DPoP'
  if (dpop !== undefined && type !== 'dpop') return 'token_type is not DPoP: the key binding was dropped'
  if (dpop === undefined && type === 'dpop') return 'token_type is DPoP although the app proved no key'
  const resources = body.resource === undefined ? [resource] : asStringArray(body.resource)
  return resources?.every((one) => one === resource) === true
    ? undefined
    : compareValues('resource of the response', resource, body.resource)
}

function readTokenType(body: Readonly<Record<string, unknown>>): string {
  return describeValue(body.token_type).toLowerCase()
}

/** `expires_in` is optional: otherwise the token's own `exp`, or a short estimate. */
function findExpiry(expiresIn: unknown, exp: unknown, nowSeconds: number): number {
  const seconds = typeof expiresIn === 'string' && /^\d+$/.test(expiresIn) ? Number(expiresIn) : expiresIn
  if (typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0) return nowSeconds + seconds
  return isNumericDate(exp) ? exp : nowSeconds + UNKNOWN_LIFETIME_SECONDS
}
