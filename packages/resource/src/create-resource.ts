// The core: one protected API, independent of any framework. Verifies the token of a request and determines the
// response.
import {
  accept,
  ASYMMETRIC_ALGORITHMS,
  buildResourceMetadataUrl,
  isNumericDate,
  readConfirmation,
  refuse,
  type Result,
  splitUrl,
} from '@crosswalk/protocol'
import { withSpan } from '@crosswalk/tracing'

import { buildSources } from './build-sources.ts'
import { checkProof } from './check-proof.ts'
import { isBelow } from './is-below.ts'
import { checkResourceOptions, type ResourceOptions } from './options.ts'
import { type Credentials, readCredentials, type RequestHead } from './read-credentials.ts'
import { buildResourceMetadata, type MetadataContext, renderMetadata } from './resource-metadata.ts'
import { type Json, ServerUnreachable } from './server-access.ts'
import { buildRefusal, type RefusalAnswer, renderRefusal, type TokenRefusal } from './token-refusal.ts'
import { createUsedProofs, type UsedProofs } from './used-proofs.ts'
import { type TokenExpectations, type TokenSources, verifyToken } from './verify-token.ts'
import { writeFaults } from './write-faults.ts'
import { buildXaa, type Xaa } from './xaa-context.ts'

/** Requirements of an operation besides a valid token. */
export interface Requirement {
  /** All of these */
  readonly scope?: readonly string[]
  /** One of these authentication contexts (RFC 9470) */
  readonly acr?: readonly string[]
  /** Maximum age of the sign-in (RFC 9470) */
  readonly maxAuthAgeSeconds?: number
}

/** A protected API. */
export interface Resource {
  readonly resource: string
  /** Its path as requests arrive here: without `strippedPath` */
  readonly path: string
  /** URL of its metadata (RFC 9728 section 3.1) */
  readonly metadataUrl: string
  /** Path of `metadataUrl` */
  readonly metadataPath: string
  readonly metadata: Readonly<Record<string, unknown>>
  /** Whether a request target is the path of the resource or below it; in doubt, it is. */
  covers(target: string): boolean
  /** Verifies the token of a request; never throws because of client input. */
  verify(request: RequestHead, requirement?: Requirement): Promise<Result<Xaa, TokenRefusal>>
  /**
   * Whether the token of a request that passed `verify` is still live, for long-lived responses. Does not check the
   * DPoP proof again, since each is accepted once (RFC 9449 section 11.1). Also false while keys or introspection are
   * unreachable.
   */
  isLive(request: RequestHead): Promise<boolean>
  /**
   * Whether a response in progress may continue: while the token is live, and for `clockSkewSeconds` after it expired,
   * so that a call that began shortly before can finish. Not after a revocation.
   */
  mayContinue(request: RequestHead, xaa: Pick<Xaa, 'expiresAt'>): Promise<boolean>
  /** Whether a verified caller meets the requirement. */
  check(xaa: Xaa, requirement: Requirement): Result<Xaa, TokenRefusal>
  /** The response to a refused request, as parts. */
  renderRefusal(refusal: TokenRefusal): RefusalAnswer
  /** The response to a refused request. */
  challenge(refusal: TokenRefusal): Response
  /** The metadata, if the request is for it. */
  findMetadata(request: Pick<RequestHead, 'method' | 'url'>): RefusalAnswer | undefined
}

const DEFAULT_ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'] as const

/** @throws InvalidResourceOptions that lists all problems of the options */
export function createResource(options: ResourceOptions): Resource {
  checkResourceOptions(options)
  const verifier = new Verifier(options)
  const metadataUrl = buildResourceMetadataUrl(options.resource) ?? options.resource
  const metadataPath = splitUrl(metadataUrl)?.rest ?? '/'
  const context = buildMetadataContext(options)
  const challengeContext = { ...context, metadataUrl }
  return {
    resource: options.resource,
    path: new URL(options.resource).pathname.slice(options.strippedPath?.length ?? 0) || '/',
    metadataUrl,
    metadataPath,
    metadata: buildResourceMetadata(context),
    covers: (target) => isBelow(options.resource, target, options.strippedPath),
    verify: (request, requirement) =>
      withSpan(
        'verify token',
        async (span) => {
          const verified = await verifier.verify(request, requirement)
          span.setAttribute('crosswalk.decision.code', verified.accepted ? 'XAA0000' : verified.refusal.code)
          return verified
        },
        { from: request.headers },
      ),
    isLive: (request) => verifier.isLive(request),
    mayContinue: (request, xaa) => verifier.mayContinue(request, xaa),
    check: (xaa, requirement) => verifier.report(verifier.check(xaa, requirement)),
    renderRefusal: (refusal) => renderRefusal(refusal, challengeContext),
    challenge: (refusal) => toResponse(renderRefusal(refusal, challengeContext)),
    findMetadata: ({ method, url }) =>
      isAt(metadataPath, splitUrl(url)?.rest ?? url) ? renderMetadata(method, context) : undefined,
  }
}

/** A query belongs to the metadata URL only if the resource has one (RFC 9728 section 3.1). */
function isAt(path: string, asked: string): boolean {
  return asked === path || asked.split('?', 1)[0] === path
}

export function toResponse({ status, headers, body }: RefusalAnswer): Response {
  return new Response(body === '' ? null : body, { status, headers })
}

function buildMetadataContext(options: ResourceOptions): MetadataContext {
  const { resource, issuer, scopes = [], authorizationDetailsTypes = [], name, dpop } = options
  return {
    resource,
    issuer,
    scopes,
    authorizationDetailsTypes,
    name,
    dpopRequired: dpop === 'required',
    dpopAlgorithms: ASYMMETRIC_ALGORITHMS,
  }
}

class Verifier {
  readonly #options: ResourceOptions
  readonly #nowMs: () => number
  readonly #sources: TokenSources
  readonly #usedProofs: UsedProofs
  readonly #onRefused: NonNullable<ResourceOptions['onRefused']>

  constructor(options: ResourceOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => Date.now())
    this.#onRefused = options.onRefused ?? writeFaults(this.#nowMs)
    this.#sources = buildSources(options, this.#nowMs)
    this.#usedProofs = options.usedProofs ?? createUsedProofs(this.#nowMs)
  }

  async verify(request: RequestHead, requirement: Requirement = {}): Promise<Result<Xaa, TokenRefusal>> {
    const verified = this.report(await this.#verifyToken(request, requirement))
    return verified.accepted ? this.report(this.check(verified.value, requirement)) : verified
  }

  async isLive(request: RequestHead): Promise<boolean> {
    const credentials = readCredentials(request)
    if (!credentials.accepted) return false
    try {
      return (await verifyToken(credentials.value.token, this.#expectations(), this.#sources)).accepted
    } catch (error) {
      if (error instanceof ServerUnreachable) return false
      throw error
    }
  }

  async mayContinue(request: RequestHead, { expiresAt }: Pick<Xaa, 'expiresAt'>): Promise<boolean> {
    const { clockSkewSeconds, nowSeconds } = this.#expectations()
    // After its expiry, no server can tell whether it was revoked.
    return nowSeconds < expiresAt ? await this.isLive(request) : nowSeconds < expiresAt + clockSkewSeconds
  }

  report(result: Result<Xaa, TokenRefusal>): Result<Xaa, TokenRefusal> {
    if (result.accepted) return result
    const { code, status, detail } = result.refusal
    try {
      this.#onRefused({ code, status, detail })
    } catch {
      // A logging hook must not affect the result.
    }
    return result
  }

  async #verifyToken(request: RequestHead, requirement: Requirement): Promise<Result<Xaa, TokenRefusal>> {
    const credentials = readCredentials(request)
    if (!credentials.accepted) return refuse(withScope(credentials.refusal, requirement))
    const { scheme, token } = credentials.value
    try {
      const verified = await verifyToken(token, this.#expectations(), this.#sources)
      if (!verified.accepted) return refuse({ ...verified.refusal, scheme })
      const binding = await this.#checkBinding(request, credentials.value, verified.value)
      if (binding !== undefined) return refuse(binding)
      const xaa = buildXaa(verified.value)
      return xaa === undefined
        ? refuse(buildRefusal('XAA3008', 'claims are missing', { scheme }))
        : accept(xaa)
    } catch (error) {
      if (!(error instanceof ServerUnreachable)) throw error
      // Fails closed if the token's state is unknown.
      return refuse(
        buildRefusal('XAA5007', error.message, { status: 503, error: 'temporarily_unavailable', scheme }),
      )
    }
  }

  #expectations(): TokenExpectations {
    const { resource, issuer, algorithms = DEFAULT_ALGORITHMS, clockSkewSeconds = 30 } = this.#options
    return { resource, issuer, algorithms, clockSkewSeconds, nowSeconds: this.#nowMs() / 1000 }
  }

  /** Bound tokens require the DPoP scheme and a proof; others require Bearer (RS-10, RFC 9449 section 7). */
  async #checkBinding(request: RequestHead, { scheme, token }: Credentials, claims: Json) {
    const { jkt, problem } = readConfirmation(claims.cnf)
    if (problem !== undefined) return buildRefusal('XAA3008', problem, { scheme })
    if (jkt === undefined) {
      const allowed = scheme === 'Bearer' && this.#options.dpop !== 'required'
      const detail = 'the token is not bound to a key'
      return allowed ? undefined : buildRefusal('XAA3010', detail, { error: 'invalid_token', scheme: 'DPoP' })
    }
    if (scheme === 'Bearer') {
      const detail = 'a bound token was sent as Bearer'
      return buildRefusal('XAA3010', detail, { error: 'invalid_token', scheme: 'DPoP' })
    }
    const proved = await checkProof(
      request.headers.get('dpop'),
      {
        method: request.method.toUpperCase(),
        url: this.#publicUrl(request.url),
        accessToken: token,
        jkt,
        nowSeconds: this.#nowMs() / 1000,
        algorithms: ASYMMETRIC_ALGORITHMS,
      },
      this.#usedProofs,
    )
    return proved.accepted ? undefined : buildRefusal('XAA3010', proved.refusal, { scheme })
  }

  /**
   * The URL from the client's point of view: behind a proxy, the request has the inner host and path, but proofs have the
   * public ones.
   */
  #publicUrl(url: string): string {
    const { origin } = splitUrl(this.#options.resource) ?? { origin: '' }
    return `${origin}${this.#options.strippedPath ?? ''}${splitUrl(url)?.rest ?? url}`
  }

  check(xaa: Xaa, { scope = [], acr, maxAuthAgeSeconds }: Requirement): Result<Xaa, TokenRefusal> {
    const scheme = xaa.claims.cnf === undefined ? 'Bearer' : 'DPoP'
    const missing = scope.filter((one) => !xaa.scopes.includes(one))
    if (missing.length > 0)
      return refuse(buildRefusal('XAA3004', `requires ${missing.join(' ')}`, { scope, scheme }))
    const { auth_time: signedInAt, acr: reached } = xaa.claims
    const tooWeak = acr !== undefined && !(typeof reached === 'string' && acr.includes(reached))
    // A token without a sign-in time must not count as recent.
    const tooOld =
      maxAuthAgeSeconds !== undefined &&
      !(isNumericDate(signedInAt) && this.#nowMs() / 1000 - signedInAt <= maxAuthAgeSeconds)
    if (!tooWeak && !tooOld) return accept(xaa)
    return refuse(
      buildRefusal('XAA1801', tooWeak ? 'acr is not enough' : 'signed in too long ago', {
        status: 401,
        scheme,
        ...(acr === undefined ? {} : { acrValues: acr }),
        ...(maxAuthAgeSeconds === undefined ? {} : { maxAgeSeconds: maxAuthAgeSeconds }),
      }),
    )
  }
}

function withScope(refusal: TokenRefusal, { scope }: Requirement): TokenRefusal {
  return scope === undefined || refusal.code !== 'XAA3001' ? refusal : { ...refusal, scope }
}
