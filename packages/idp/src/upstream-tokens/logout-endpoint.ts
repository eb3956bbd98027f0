// The endpoint to which other identity providers post logout tokens (OpenID Connect Back-Channel Logout 1.0): the ID
// tokens of that session are no longer accepted, and what was issued for them is revoked. Decides whether a logout
// token counts.
import { newId, readForm, respondRetryLater, respondToFault } from '@crosswalk/as-core'
import type { ExchangeSnapshot } from '@crosswalk/policy'
import { accept, findReplayEnd, isNumericDate, isText, refuse, type Result } from '@crosswalk/protocol'

import { endUpstream, type EndUpstreamParts } from './end-upstream.ts'
import type { UpstreamTokenSources } from './observe-upstream.ts'
import { nameUpstreamSession } from './upstream-ends.ts'
import { type IssuerJwt, verifyIssuerJwt } from './verify-issuer-jwt.ts'

export const UPSTREAM_LOGOUT_PATH = '/upstream/logout'

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const NO_STORE = { 'cache-control': 'no-store' }

export interface UpstreamEndpointParts extends EndUpstreamParts {
  readonly sources: UpstreamTokenSources
  snapshot(): ExchangeSnapshot
  onFault(fault: unknown, reference: string): void
}

export function createUpstreamLogoutEndpoint(
  parts: UpstreamEndpointParts,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const form = await readForm(request)
      if (!form.accepted) return refuseRequest(form.refusal.http, form.refusal.detail)
      const token = form.value.get('logout_token')
      if (token === undefined || form.value.repeated.length > 0)
        return refuseRequest(400, 'one logout_token is needed')
      const verified = await verifyIssuerJwt(token, parts.snapshot(), {
        keysOf: parts.sources.keysOf,
        isExpected: ({ header, claims }) => isLogoutTyp(header.typ) && isLogoutEvent(claims['events']),
      })
      if (!verified.accepted)
        return verified.refusal === 'later'
          ? respondRetryLater()
          : refuseRequest(400, verified.refusal.detail)
      const logout = readLogout(verified.value, parts)
      if (!logout.accepted) return refuseRequest(400, logout.refusal)
      await end(verified.value, logout.value, parts)
      return new Response(null, { status: 200, headers: NO_STORE })
    } catch (fault) {
      parts.onFault(fault, newId('flt'))
      return respondToFault(fault)
    }
  }
}

function refuseRequest(status: number, detail: string): Response {
  const headers = status === 405 ? { allow: 'POST', ...NO_STORE } : NO_STORE
  return Response.json({ error: 'invalid_request', error_description: detail }, { status, headers })
}

/** Explicit if the issuer follows section 2.4; older ones send none, or `JWT`. */
function isLogoutTyp(typ: string | undefined): boolean {
  return typ === undefined || ['jwt', 'logout+jwt', 'application/logout+jwt'].includes(typ.toLowerCase())
}

function isLogoutEvent(events: unknown): boolean {
  return typeof events === 'object' && events !== null && LOGOUT_EVENT in events
}

interface Logout {
  readonly tokenId: string
  readonly issuedAt: number
  readonly sub: string | undefined
  readonly sid: string | undefined
}

/** @see OpenID Connect Back-Channel Logout 1.0 section 2.6 */
function readLogout(
  { claims, trust }: IssuerJwt,
  { snapshot, clock }: Pick<UpstreamEndpointParts, 'snapshot' | 'clock'>,
): Result<Logout, string> {
  const { aud, iat, exp, jti, sub, sid, nonce } = claims
  const now = clock.nowMs() / 1000
  const skew = snapshot().clockSkewSeconds
  const audiences = Array.isArray(aud) ? aud : [aud]
  if (!audiences.some((one) => typeof one === 'string' && Object.hasOwn(trust.audiences, one)))
    return refuse('aud names no client that is registered here for this issuer')
  // ID tokens have a nonce, so this prevents one from passing for a logout token.
  if (nonce !== undefined) return refuse('nonce does not belong in a logout token')
  if (!isText(jti, 255)) return refuse('jti is missing')
  if (!isNumericDate(iat) || iat > now + skew) return refuse('iat is missing, or in the future')
  if (iat < now - trust.maxAgeSeconds - skew) return refuse('iat is too long ago')
  if (exp !== undefined && !(isNumericDate(exp) && exp > now - skew)) return refuse('the token has expired')
  if (sub !== undefined && !isText(sub, 255)) return refuse('sub is malformed')
  if (sid !== undefined && !isText(sid, 255)) return refuse('sid is malformed')
  if (sub === undefined && sid === undefined) return refuse('sub or sid is needed')
  return accept({ tokenId: jti, issuedAt: iat, sub, sid })
}

async function end(
  { trust }: IssuerJwt,
  { tokenId, issuedAt, sub, sid }: Logout,
  parts: UpstreamEndpointParts,
): Promise<void> {
  const { issuer, maxAgeSeconds } = trust
  const users = await parts.sources.ends.end({ issuer, sub, sid }, issuedAt)
  const only = sid === undefined ? undefined : nameSessions(issuer, sid, sub)
  const rememberedUntil = findReplayEnd(issuedAt + maxAgeSeconds, parts.snapshot().clockSkewSeconds)
  const ended = { issuer, tokenId, types: [LOGOUT_EVENT], users, only, everywhere: false }
  await endUpstream({ ...ended, endedAt: issuedAt, rememberedUntil }, parts)
}

function nameSessions(issuer: string, sid: string, sub: string | undefined) {
  return {
    session: nameUpstreamSession({ issuer, sub: sub ?? '', sid }),
    unnamed: sub === undefined ? undefined : nameUpstreamSession({ issuer, sub }),
  }
}
