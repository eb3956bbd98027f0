// One POST to a token endpoint, with client authentication and an optional DPoP proof. Retries at most once for a nonce
// and once for 429 or a server error, but never a rejected grant (CLI-15).
import { isObject } from '@crosswalk/protocol'

import { readRetryAfter } from './build-error.ts'
import type { ClientAuth } from './client-auth.ts'
import { decodeJwt } from './decode-jwt.ts'
import type { TokenServer } from './discovery.ts'
import type { DpopKey, Nonces } from './dpop.ts'
import { normalizeError } from './normalize-error.ts'
import { type Answer, cleanUrl, readDecisionId, readOAuthError, type Runtime, send } from './runtime.ts'

export interface TokenRequest {
  readonly leg: 'exchange' | 'redemption'
  readonly server: TokenServer
  readonly clientId: string
  readonly auth: ClientAuth
  readonly params: Readonly<Record<string, string>>
  readonly dpop?: DpopKey
  /** Whether to retry once with the same parameters after 429 and server errors */
  readonly repeatable: boolean
}

const MAX_WAIT_SECONDS = 10
const BACK_OFF_MS = 500

export async function requestToken(runtime: Runtime, nonces: Nonces, request: TokenRequest): Promise<Answer> {
  let answer = await postOnce(runtime, nonces, request)
  if (request.dpop !== undefined && isNonceAsked(answer, nonces.find(request.server.issuer)))
    answer = await postOnce(runtime, nonces, request)
  const waitMs = request.repeatable ? findBackOffMs(answer) : undefined
  if (waitMs === undefined) return answer
  await runtime.sleepMs(waitMs)
  return await postOnce(runtime, nonces, request)
}

function isNonceAsked(answer: Answer, nonce: string | undefined): boolean {
  return readOAuthError(answer.json) === 'use_dpop_nonce' && nonce !== undefined
}

/** @returns the delay before a retry, in milliseconds; undefined for no retry */
function findBackOffMs(answer: Answer): number | undefined {
  if (answer.status !== 0 && answer.status !== 429 && answer.status < 500) return undefined
  const { retryAfterSeconds } = readRetryAfter(answer)
  if (retryAfterSeconds === undefined) return BACK_OFF_MS
  return retryAfterSeconds <= MAX_WAIT_SECONDS ? retryAfterSeconds * 1000 : undefined
}

async function postOnce(runtime: Runtime, nonces: Nonces, request: TokenRequest): Promise<Answer> {
  const { server, clientId, auth, params, dpop, leg } = request
  const { issuer, tokenEndpoint } = server
  const methods = server.authMethods === undefined ? {} : { methods: server.authMethods }
  const nowSeconds = runtime.nowMs() / 1000
  const credentials = await auth.build({ clientId, issuer, tokenEndpoint, nowSeconds, ...methods })
  const proof = await dpop?.prove({ method: 'POST', url: tokenEndpoint, nonce: nonces.find(issuer) })
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...credentials.headers,
      ...(proof === undefined ? {} : { dpop: proof }),
    },
    body: new URLSearchParams({ ...params, ...credentials.params }).toString(),
  }
  const answer = await send(runtime, { leg, url: tokenEndpoint, init })
  nonces.remember(issuer, answer.headers)
  runtime.emit({
    leg,
    method: 'POST',
    url: cleanUrl(tokenEndpoint),
    ms: answer.ms,
    ...describe(answer, leg, issuer),
  })
  return answer
}

function describe(answer: Answer, leg: TokenRequest['leg'], issuer: string) {
  const { status, json, headers } = answer
  if (status === 0) return { code: 'XAA5007' } as const
  const about = { status, ...readDecisionId(headers) }
  if (status !== 200) {
    const error = readOAuthError(json)
    const { code } = normalizeError({ leg, status, body: json, issuer })
    return { ...about, code, ...(error === undefined ? {} : { error }) }
  }
  const { access_token: token, scope } = isObject(json) ? json : {}
  const claims = typeof token === 'string' ? decodeJwt(token)?.claims : undefined
  return {
    ...about,
    ...(claims === undefined ? {} : { claims }),
    ...(typeof scope === 'string' ? { scope } : {}),
  }
}
