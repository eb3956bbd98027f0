// The core: one protected API, apart from any framework. Verifies the token of a request and says what to answer.
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
import { checkResourceOptions, type ResourceOptions } from './options.ts'
import { type Credentials, readCredentials, type RequestHead } from './read-credentials.ts'
import { buildResourceMetadata, type MetadataContext, renderMetadata } from './resource-metadata.ts'
import { type Json, ServerUnreachable } from './server-access.ts'
import { buildRefusal, type RefusalAnswer, renderRefusal, type TokenRefusal } from './token-refusal.ts'
import { createUsedProofs, type UsedProofs } from './used-proofs.ts'
import { type TokenExpectations, type TokenSources, verifyToken } from './verify-token.ts'
import { buildXaa, type Xaa } from './xaa-context.ts'

/** What an operation needs beyond a valid token. */
export interface Requirement {
  /** All of these */
  readonly scope?: readonly string[]
  /** One of these authentication contexts (RFC 9470) */
  readonly acr?: readonly string[]
  /** The user signed in at most so long ago (RFC 9470) */
  readonly maxAuthAgeSeconds?: number
}

/** A protected API. */
export interface Resource {
  readonly resource: string
  /** Where its metadata belongs (RFC 9728 section 3.1) */
  readonly metadataUrl: string
  /** Path of `metadataUrl` */
  readonly metadataPath: string
  readonly metadata: Readonly<Record<string, unknown>>
  /** Verifies the token of a request; never throws for what a client sends. */
  verify(request: RequestHead, requirement?: Requirement): Promise<Result<Xaa, TokenRefusal>>
  /**
   * Whether the token of a request that passed `verify` is still live: for answers that stay open. Does not check the DPoP proof
   * again, since each is accepted once (RFC 9449 section 11.1). Also false while keys or introspection cannot be reached.
   */
  isLive(request: RequestHead): Promise<boolean>
  /** Whether a verified caller may do what needs this. */
  check(xaa: Xaa, requirement: Requirement): Result<Xaa, TokenRefusal>
  /** The answer to a refused request, as parts. */
  renderRefusal(refusal: TokenRefusal): RefusalAnswer
  /** The answer to a refused request. */
  challenge(refusal: TokenRefusal): Response
  /** The metadata, if this is a request for it. */
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
    metadataUrl,
    metadataPath,
    metadata: buildResourceMetadata(context),
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
    check: (xaa, requirement) => verifier.report(verifier.check(xaa, requirement)),
    renderRefusal: (refusal) => renderRefusal(refusal, challengeContext),
    challenge: (refusal) => toResponse(renderRefusal(refusal, challengeContext)),
    findMetadata: ({ method, url }) =>
      isAt(metadataPath, splitUrl(url)?.rest) ? renderMetadata(method, context) : undefined,
  }
}

/** A query is part of where the metadata is only for a resource that has one (RFC 9728 section 3.1). */
function isAt(path: string, asked: string | undefined): boolean {
  return asked === path || (!path.includes('?') && asked?.split('?', 1)[0] === path)
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

  constructor(options: ResourceOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => Date.now())
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

  report(result: Result<Xaa, TokenRefusal>): Result<Xaa, TokenRefusal> {
    if (result.accepted) return result
    const { code, status, detail } = result.refusal
    try {
      this.#options.onRefused?.({ code, status, detail })
    } catch {
      // A hook that watches must not change what happens.
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
      // Not knowing is no reason to let anyone in.
      return refuse(
        buildRefusal('XAA5007', error.message, { status: 503, error: 'temporarily_unavailable', scheme }),
      )
    }
  }

  #expectations(): TokenExpectations {
    const { resource, issuer, algorithms = DEFAULT_ALGORITHMS, clockSkewSeconds = 30 } = this.#options
    return { resource, issuer, algorithms, clockSkewSeconds, nowSeconds: this.#nowMs() / 1000 }
  }

  /** Bound tokens come with the DPoP scheme and a proof; others with Bearer (RS-10, RFC 9449 section 7). */
  async #checkBinding(request: RequestHead, { scheme, token }: Credentials, claims: Json) {
    const { jkt, problem } = readConfirmation(claims.cnf)
    if (problem !== undefined) return buildRefusal('XAA3008', problem, { scheme })
    if (jkt === undefined) {
      const allowed = scheme === 'Bearer' && this.#options.dpop !== 'required'
      const detail = 'the token is bound to no key'
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

  /** The URL as the client sees it: behind a proxy the request names the inner host, which no proof is made for. */
  #publicUrl(url: string): string {
    const { origin } = splitUrl(this.#options.resource) ?? { origin: '' }
    return `${origin}${splitUrl(url)?.rest ?? url}`
  }

  check(xaa: Xaa, { scope = [], acr, maxAuthAgeSeconds }: Requirement): Result<Xaa, TokenRefusal> {
    const scheme = xaa.claims.cnf === undefined ? 'Bearer' : 'DPoP'
    const missing = scope.filter((one) => !xaa.scopes.includes(one))
    if (missing.length > 0)
      return refuse(buildRefusal('XAA3004', `needs ${missing.join(' ')}`, { scope, scheme }))
    const { auth_time: signedInAt, acr: reached } = xaa.claims
    const tooWeak = acr !== undefined && !(typeof reached === 'string' && acr.includes(reached))
    // Where the token does not say when the user signed in, it must not be taken for recent.
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
