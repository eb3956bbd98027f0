// A gateway for a service that does not support ID-JAG: accepts access tokens of its authorization server, and calls
// the service with the user's stored credential. The app never gets the credential, and the gateway keeps it for one
// request only.
import { readAtMost } from '@crosswalk/protocol'

import { createResource, type Requirement, toResponse } from '../create-resource.ts'
import { holdToToken } from '../hold-to-token.ts'
import type { IntrospectionOptions, ResourceOptions } from '../options.ts'
import { readCredentials } from '../read-credentials.ts'
import { IssuerMetadata, ServerUnreachable } from '../server-access.ts'
import { buildRefusal } from '../token-refusal.ts'
import { buildAppResponse } from './answer-app.ts'
import { type CredentialRefusal, exchangeCredential, type ReleasedSecret } from './exchange-credential.ts'
import { buildForwardedHeaders, findTarget, listOtherReadings } from './forward-request.ts'

export interface GatewayOptions extends ResourceOptions {
  /** The gateway's registration, which introspects tokens and requests credentials */
  readonly introspection: IntrospectionOptions
  /**
   * The requirements of a request, by method and path; default: none. The service may also ignore case and a final
   * slash, so let unknown paths require the most.
   */
  readonly requires?: (request: Request) => Requirement
  /**
   * How to reach the service; must not follow redirects. Default: the global `fetch`. On your own server, supply one
   * that refuses addresses in your own network.
   */
  readonly fetchService?: (
    url: string,
    init: RequestInit,
    about: { readonly privateNetwork: boolean },
  ) => Promise<Response>
  /** Maximum request body, in bytes; default 10 MiB */
  readonly maxRequestBytes?: number
  /** Maximum response, in bytes; default 50 MiB */
  readonly maxAnswerBytes?: number
  /** Timeout for the complete response of the service, in milliseconds; default 60 000 */
  readonly serviceTimeoutMs?: number
}

export type Gateway = (request: Request) => Promise<Response>

const MEBIBYTE = 1_048_576
/** `fetch` returns higher ones too, which no other `Response` can have. */
const HIGHEST_STATUS = 599

/** @throws InvalidResourceOptions */
export function createGateway({
  requires = () => ({}),
  fetchService = (url, init) => globalThis.fetch(url, init),
  maxRequestBytes = 10 * MEBIBYTE,
  maxAnswerBytes = 50 * MEBIBYTE,
  serviceTimeoutMs = 60_000,
  ...options
}: GatewayOptions): Gateway {
  const guard = createResource(options)
  const access = {
    fetch: options.fetch ?? ((url: string, init?: RequestInit) => globalThis.fetch(url, init)),
    nowMs: options.nowMs ?? (() => Date.now()),
    timeoutMs: options.timeoutMs ?? 5000,
  }
  const metadata = new IssuerMetadata(access, options.issuer)

  async function exchange(token: string) {
    const endpoint = await metadata.findEndpoint('token_endpoint')
    return exchangeCredential(token, { access, endpoint, client: options.introspection })
  }

  async function forward(request: Request, path: string, secret: ReleasedSecret): Promise<Response> {
    const target = findTarget(secret.api, path)
    if (target === undefined) return answerError(400, { error: 'invalid_request' })
    const body = request.body === null ? null : await readAtMost(request.body, maxRequestBytes)
    if (body === undefined) return answerError(413, { error: 'invalid_request' })
    const send = async () => {
      const init: RequestInit = {
        method: request.method,
        headers: buildForwardedHeaders(request.headers, secret),
        body,
        redirect: 'manual',
        signal: AbortSignal.any([request.signal, AbortSignal.timeout(serviceTimeoutMs)]),
      }
      return fetchService(target.href, init, { privateNetwork: secret.privateNetwork })
    }
    // An error message may contain the request and its credential, so it is dropped.
    const response = await send().catch(() => undefined)
    if (response === undefined || response.status > HIGHEST_STATUS)
      return answerError(502, { error: 'temporarily_unavailable' })
    // A redirect would send the credential elsewhere, and a 401 concerns the credential, not the app's token.
    if (response.status === 401 || isRedirect(response, request)) {
      await response.body?.cancel()
      return answerError(502, { error: response.status === 401 ? 'credential_refused' : 'redirect_refused' })
    }
    return buildAppResponse(response, { secret, maxBytes: maxAnswerBytes })
  }

  return async (request) => {
    const found = guard.findMetadata(request)
    if (found !== undefined) return toResponse(found)
    const path = findPathBelow(options, request.url)
    if (path === undefined) return answerError(404, { error: 'not_found' })
    const verified = await guard.verify(request, requires(request))
    if (!verified.accepted) return guard.challenge(verified.refusal)
    if (isAmbiguous(request, requires))
      return answerError(400, {
        error: 'invalid_request',
        error_description: 'The service may read this path as another one, which has other requirements.',
      })
    const credentials = readCredentials(request)
    if (!credentials.accepted) return guard.challenge(credentials.refusal)
    const { token, scheme } = credentials.value
    try {
      const exchanged = await exchange(token)
      if ('secret' in exchanged)
        return holdToToken(await forward(request, path, exchanged.secret), {
          isLive: () => guard.mayContinue(request, verified.value),
        })
      const { refusal } = exchanged
      return refusal.error === 'invalid_grant'
        ? guard.challenge(buildRefusal('XAA3007', 'the token was revoked', { scheme }))
        : answerRefused(refusal)
    } catch (fault) {
      if (!(fault instanceof ServerUnreachable)) throw fault
      return answerError(503, { error: 'temporarily_unavailable' })
    }
  }
}

/** @returns whether the service may read the path as one with other requirements than those that were checked */
function isAmbiguous(request: Request, requires: (request: Request) => Requirement): boolean {
  const { method, headers } = request
  const requirementOf = (url: string) => JSON.stringify(requires(new Request(url, { method, headers })))
  return listOtherReadings(request.url).some((url) => requirementOf(url) !== requirementOf(request.url))
}

/** A 304 is a valid response to a conditional request; without a condition it is not. */
function isRedirect({ status }: Response, { method, headers }: Request): boolean {
  const isConditional = headers.has('if-none-match') || headers.has('if-modified-since')
  const isNotModified = status === 304 && isConditional && (method === 'GET' || method === 'HEAD')
  return status >= 300 && status < 400 && !isNotModified
}

/** What the app or its user can do about it. */
function answerRefused({ error, description, page, decisionId }: CredentialRefusal): Response {
  if (error === 'interaction_required')
    return answerError(403, {
      error,
      error_description: description,
      error_uri: page,
      code: 'XAA2604',
      decision: decisionId,
    })
  if (error === 'temporarily_unavailable') return answerError(503, { error, decision: decisionId })
  // The gateway itself was refused, which the app cannot change.
  return answerError(502, { error: 'gateway_refused', decision: decisionId })
}

function answerError(status: number, body: Readonly<Record<string, string | undefined>>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  })
}

/**
 * @returns path and query as sent, without the path of the resource as it arrives here; undefined outside the resource,
 *   because one path of the service must not have two paths here
 */
function findPathBelow(
  { resource, strippedPath = '' }: Pick<ResourceOptions, 'resource' | 'strippedPath'>,
  url: string,
): string | undefined {
  const base = new URL(resource).pathname.slice(strippedPath.length).replace(/\/$/, '')
  const { pathname, search } = new URL(url)
  const isBelow = pathname === base || pathname.startsWith(`${base}/`)
  return isBelow ? pathname.slice(base.length) + search : undefined
}
