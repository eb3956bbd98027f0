// The authorized `fetch`: adds the token to each request and handles the resource's challenges, each at most once: a
// nonce, an invalid token, a missing scope (CLI-15, STEP-07, STEP-08).
import { dropUndefined, isObject, parseJson, parseScope, type XaaCode } from '@crosswalk/protocol'

import { buildError } from './build-error.ts'
import { type Challenge, findTokenChallenge } from './challenge.ts'
import type { DpopKey, Nonces } from './dpop.ts'
import { normalizeError } from './normalize-error.ts'
import type { AccessToken } from './redemption.ts'
import { buildResourceRequest, type ResourceRequest } from './resource-request.ts'
import { type Answer, cleanUrl, readText, type Runtime } from './runtime.ts'
import type { HeldToken } from './token-source.ts'
import { unlessAborted } from './unless-aborted.ts'
import { NeedsMoreScope, readDetails, StepUpRequired } from './xaa-error.ts'

/** One app's access to one resource for one user. */
export interface ResourceAccess {
  /**
   * `fetch` with the access token. Paths are relative to the resource; URLs outside it throw a TypeError. Responses are
   * returned unchanged, except refusals of the token, which are thrown as XaaError; so are failures to get one. If the
   * resource itself is unreachable or the app aborts, the error is that of `fetch`.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** The access token that the next request would use. */
  token(): Promise<AccessToken>
}

export interface ResourceAccessDependencies {
  readonly runtime: Runtime
  readonly nonces: Nonces
  /** Base URL of requests */
  readonly base: string
  readonly resource: string
  readonly scope: readonly string[]
  readonly obtain: (scope: readonly string[]) => Promise<HeldToken>
  readonly dpopKey: () => Promise<DpopKey | undefined>
}

interface Attempt {
  readonly answered: ReadonlySet<'nonce' | 'renewal' | 'scope'>
}

/** A refusal of the token, with its body. */
interface Refusal {
  readonly answer: Answer
  readonly challenge: Challenge | undefined
}

export function createResourceAccess(dependencies: ResourceAccessDependencies): ResourceAccess {
  const access = new Access(dependencies)
  return {
    fetch: (input, init) => access.fetch(input, init),
    token: async () => (await access.obtain()).token,
  }
}

class Access {
  readonly #dependencies: ResourceAccessDependencies
  /** Grows when the resource requires more scopes and the servers grant them */
  #scope: readonly string[]

  constructor(dependencies: ResourceAccessDependencies) {
    this.#dependencies = dependencies
    this.#scope = dependencies.scope
  }

  async obtain(): Promise<HeldToken> {
    return await this.#dependencies.obtain(this.#scope)
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = await buildResourceRequest(this.#dependencies.base, input, init)
    return await this.#attempt(request, await this.#obtainFor(request), { answered: new Set() })
  }

  async #obtainFor({ init }: ResourceRequest, scope = this.#scope): Promise<HeldToken> {
    return await unlessAborted(init.signal, () => this.#dependencies.obtain(scope))
  }

  async #attempt(request: ResourceRequest, held: HeldToken, { answered }: Attempt): Promise<Response> {
    const { response, refusal } = await this.#send(request, held.token)
    if (refusal === undefined) {
      held.meetStepUp()
      return response
    }
    const { challenge, answer } = refusal
    const open = (kind: 'nonce' | 'renewal' | 'scope') => request.repeatable && !answered.has(kind)
    const next = (kind: 'nonce' | 'renewal' | 'scope', token: HeldToken) =>
      this.#attempt(request, token, { answered: new Set([...answered, kind]) })
    const error = challenge?.params.error
    if (error === 'use_dpop_nonce' && held.token.tokenType === 'DPoP' && open('nonce'))
      return await next('nonce', held)
    if (error === 'insufficient_user_authentication') throw this.#buildStepUp(refusal, held)
    if (answer.status === 403) {
      const widened = open('scope') ? await this.#widen(request, refusal, held) : undefined
      if (widened === undefined) throw this.#buildScopeError(refusal, held.token)
      return await next('scope', widened)
    }
    held.forget()
    if (!open('renewal')) throw this.#buildError(refusal)
    return await next('renewal', await this.#obtainFor(request))
  }

  async #send(request: ResourceRequest, token: AccessToken) {
    const { runtime, nonces, resource } = this.#dependencies
    const startedMs = runtime.nowMs()
    const headers = await this.#buildHeaders(request, token)
    const { url, method, init } = request
    // A Request has `follow` by default, and a redirect within the host could send the token outside the resource.
    const redirect = init.redirect === 'error' ? 'error' : 'manual'
    const response = await runtime
      .fetch({ leg: 'resource', url, init: { ...init, redirect, method, headers } })
      .catch((fault: unknown) => {
        this.#emit(request, { code: 'XAA5007', ms: runtime.nowMs() - startedMs })
        throw fault
      })
    nonces.remember(resource, response.headers)
    const refusal = await readRefusal(response, runtime.nowMs() - startedMs, runtime.timeoutMs)
    const error = refusal?.challenge?.params.error
    this.#emit(request, {
      status: response.status,
      ms: runtime.nowMs() - startedMs,
      ...(refusal === undefined ? {} : { code: normalizeError(this.#asForeign(refusal)).code }),
      ...(error === undefined ? {} : { error }),
    })
    return { response, refusal }
  }

  #emit(
    { method, url }: ResourceRequest,
    about: {
      readonly ms: number
      readonly status?: number
      readonly code?: XaaCode
      readonly error?: string
    },
  ): void {
    this.#dependencies.runtime.emit({ leg: 'resource', method, url: cleanUrl(url), ...about })
  }

  async #buildHeaders({ init, method, url }: ResourceRequest, token: AccessToken): Promise<Headers> {
    const { nonces, resource, dpopKey } = this.#dependencies
    const headers = new Headers(init.headers)
    const accessToken = token.value.reveal()
    headers.set('authorization', `${token.tokenType} ${accessToken}`)
    const key = token.tokenType === 'DPoP' ? await dpopKey() : undefined
    if (key !== undefined)
      headers.set('dpop', await key.prove({ method, url, nonce: nonces.find(resource), accessToken }))
    return headers
  }

  /** A token with the additional scopes that the resource requires; undefined if they were requested for this one too. */
  async #widen(
    request: ResourceRequest,
    refusal: Refusal,
    { token, requestedScope }: HeldToken,
  ): Promise<HeldToken | undefined> {
    const asked = readScopes(refusal.challenge)
    // Not `#scope`: another request may have widened it since this token was requested.
    const held = new Set([...requestedScope, ...(token.scope ?? [])])
    const missing = asked.filter((scope) => !held.has(scope))
    if (missing.length === 0) return undefined
    const scope = [...new Set([...this.#scope, ...held, ...missing])]
    try {
      const wider = await this.#obtainFor(request, scope)
      this.#scope = scope
      return wider
    } catch (error) {
      if (error instanceof NeedsMoreScope) throw narrow(error, missing)
      throw error
    }
  }

  #buildScopeError(refusal: Refusal, token: AccessToken): NeedsMoreScope {
    const missing = readScopes(refusal.challenge).filter((scope) => token.scope?.includes(scope) !== true)
    const error = this.#buildError(refusal)
    const { code, status, oauthError, server } = error
    return new NeedsMoreScope({
      code: code === 'XAA3009' ? code : 'XAA3004',
      leg: 'resource',
      missing,
      ...(missing.length === 0 ? {} : describeMissing(missing)),
      ...dropUndefined({ server, status, oauthError }),
    })
  }

  #buildStepUp(refusal: Refusal, held: HeldToken) {
    const error = this.#buildError(refusal)
    return error instanceof StepUpRequired ? held.judgeStepUp(error) : error
  }

  #buildError(refusal: Refusal) {
    const { resource } = this.#dependencies
    const { body: json } = this.#asForeign(refusal)
    const context = { leg: 'resource', server: resource, scope: readScopes(refusal.challenge) } as const
    return buildError({ ...refusal.answer, json }, context)
  }

  /** The challenge is authoritative; the body adds our code if the resource is one of ours. */
  #asForeign({ answer, challenge }: Refusal) {
    const { json, status } = answer
    const body = {
      ...(isObject(json) && isOwnBody(json) ? { code: json.code } : {}),
      ...readParams(challenge),
    }
    return { leg: 'resource', status, body, issuer: this.#dependencies.resource } as const
  }
}

/** A wider token was requested already, unless the request cannot be repeated. */
function describeMissing(missing: readonly string[]) {
  return {
    evidence: `needs ${missing.join(' ')}`,
    hint: 'Pass these scopes in the option scope, and ask the administrator to add them to the connection.',
  }
}

function isOwnBody(body: Readonly<Record<string, unknown>>): boolean {
  return typeof body.code === 'string' && body.code.startsWith('XAA3')
}

function readParams(challenge: Challenge | undefined) {
  const { error, error_description, acr_values, max_age } = challenge?.params ?? {}
  return { error, error_description, acr_values, max_age }
}

function readScopes(challenge: Challenge | undefined): readonly string[] {
  const parsed = parseScope(challenge?.params.scope ?? '')
  return parsed.accepted ? parsed.value : []
}

/** A 401, and a 403 for insufficient scope, concern the token; any other response is left to the app. */
async function readRefusal(response: Response, ms: number, timeoutMs: number): Promise<Refusal | undefined> {
  const { status, headers } = response
  if (status !== 401 && status !== 403) return undefined
  const challenge = findTokenChallenge(headers.get('www-authenticate'))
  if (status === 403 && challenge?.params.error !== 'insufficient_scope') return undefined
  // The challenge suffices: a body that never ends must not keep the app waiting.
  const json = parseJson(await readText(response, AbortSignal.timeout(timeoutMs)).catch(() => ''))
  return { answer: { status, headers, json, ms }, challenge }
}

/** Reports only the scopes that the resource required, not all that were requested together. */
function narrow(error: NeedsMoreScope, missing: readonly string[]): NeedsMoreScope {
  return new NeedsMoreScope({ ...readDetails(error), missing })
}
