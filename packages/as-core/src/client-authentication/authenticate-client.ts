// Authenticates a client by secret, by signed assertion, or as a public client that sends only its `client_id`. What
// the client may do is decided elsewhere; the ledger remembers used assertions (`replayKeys`).
import {
  accept,
  ASYMMETRIC_ALGORITHMS,
  type ClientAuth,
  type ClientAuthDefinition,
  type EpochSeconds,
  findAudienceProblem,
  findClientAssertionProblem,
  findReplayEnd,
  findSvidProblem,
  isSpiffeId,
  refuse,
  type Result,
} from '@crosswalk/protocol'

import type { SecretGuesses } from '../guessing/secret-guesses.ts'
import type { KeyFinder } from '../issuer-keys/issuer-keys.ts'
import { type DecodedJws, decodeCompactJws } from '../jws/compact-jws.ts'
import { verifySignature } from '../jws/verification-key.ts'
import type { ReplayKey } from '../ports.ts'
import { replayKeyDigest } from '../sealing/digest.ts'
import type { ClientAuthRefusal, ClientCredentials } from './client-credentials.ts'
import type { SecretHasher } from './secret-hasher.ts'

/** How a registered client authenticates; a secret is stored only as a hash. */
export type RegisteredClientAuth =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post'
      readonly secretHash: string
      /** Hash of a secret that is being replaced; still accepted */
      readonly previousSecretHash?: string | undefined
    }
  | Extract<ClientAuthDefinition, { method: 'private_key_jwt' | 'none' }>

export interface AuthenticatedClient {
  readonly clientId: string
  readonly method: ClientCredentials['method']
  readonly kid?: string
  readonly replayKeys: readonly ReplayKey[]
}

export interface FoundClient {
  readonly auth: RegisteredClientAuth
}

export interface ClientAuthentication {
  readonly credentials: ClientCredentials
  find(clientId: string): FoundClient | undefined | Promise<FoundClient | undefined>
  readonly hasher: SecretHasher
  readonly guesses: SecretGuesses
  /** Client address, if known */
  readonly ip: string | undefined
  readonly keys: KeyFinder
  /** Our issuer identifier, the only accepted audience of a client assertion */
  readonly issuer: string
  readonly now: EpochSeconds
  readonly clockSkewSeconds: number
  /** Whether a secret is accepted only by the method (header or body) that the client is registered for */
  readonly exactMethod: boolean
  /** Whether a public client is accepted (`method: 'none'`) */
  readonly allowPublic: boolean
}

type Outcome = Result<AuthenticatedClient, ClientAuthRefusal>

/** @returns the registration of a client; it stores the secret only as a hash (a hashed secret is kept as it is) */
export function registerClientAuth(auth: ClientAuth, hasher: SecretHasher): RegisteredClientAuth {
  if (!('secret' in auth)) return auth
  const { method, secret, previousSecret } = auth
  return {
    method,
    secretHash: hasher.hash(secret),
    ...(previousSecret === undefined ? {} : { previousSecretHash: hasher.hash(previousSecret) }),
  }
}

/** @returns whether this is the client's secret, or the one being replaced */
export function matchesSecret(
  secret: string,
  auth: RegisteredClientAuth | undefined,
  hasher: SecretHasher,
): boolean {
  return auth !== undefined && 'secretHash' in auth
    ? hasher.verify(secret, auth.secretHash, auth.previousSecretHash)
    : hasher.verify(secret, undefined)
}

/**
 * @returns the client and its replay keys, or the reason for refusing it; an unknown client and a wrong secret look the
 *   same to the caller. Returns a promise only if keys must be fetched or a signature checked
 */
export function authenticateClient(request: ClientAuthentication): Outcome | Promise<Outcome> {
  const { credentials } = request
  switch (credentials.method) {
    case 'none':
      return checkPublicClient(credentials.clientId, request)
    case 'private_key_jwt':
      return checkAssertion(credentials, request)
    default: {
      const found = request.find(credentials.clientId)
      return found instanceof Promise
        ? found.then((late) => checkSecret(credentials, late, request))
        : checkSecret(credentials, found, request)
    }
  }
}

function checkSecret(
  { clientId, secret, method }: Extract<ClientCredentials, { secret: string }>,
  found: FoundClient | undefined,
  { hasher, exactMethod, guesses, ip, now }: ClientAuthentication,
): Outcome {
  const auth = found?.auth
  const hasSecret = auth !== undefined && 'secretHash' in auth
  const guesser = { clientId, registered: auth !== undefined, ip }
  const matches = () => matchesSecret(secret, auth, hasher)
  const verdict = guesses.check(guesser, matches, now * 1000)
  if (verdict.state === 'delayed') {
    const { retryAfterSeconds } = verdict
    return refuse({ code: 'XAA1107', detail: 'too many wrong client secrets', retryAfterSeconds })
  }
  if (auth === undefined) return refuse({ code: 'XAA1101', detail: 'unknown client' })
  if (!hasSecret || (exactMethod && auth.method !== method))
    return refuse({ code: 'XAA1101', detail: `client is registered for ${auth.method}` })
  return verdict.state === 'right'
    ? accept({ clientId, method, replayKeys: [] })
    : refuse({ code: 'XAA1101', detail: 'wrong client secret' })
}

async function checkPublicClient(
  clientId: string,
  { find, allowPublic }: ClientAuthentication,
): Promise<Outcome> {
  const auth = (await find(clientId))?.auth
  if (auth?.method !== 'none') {
    const detail =
      auth === undefined ? 'unknown client' : `no credentials; client is registered for ${auth.method}`
    return refuse({ code: 'XAA1101', detail })
  }
  return allowPublic
    ? accept({ clientId, method: 'none', replayKeys: [] })
    : refuse({ code: 'XAA1103', detail: 'public client' })
}

async function checkAssertion(
  { assertion, clientId: named }: Extract<ClientCredentials, { assertion: string }>,
  request: ClientAuthentication,
): Promise<Outcome> {
  const refused = (detail: string) => refuse({ code: 'XAA1102', detail } as const)
  const decoded = decodeCompactJws(assertion)
  if (!decoded.accepted) return refused(decoded.refusal)
  const { header, claims } = decoded.value
  const { sub } = claims
  if (typeof sub !== 'string') return refused('subject-mismatch')
  const misdirected = findMisdirection(claims, request)
  if (misdirected !== undefined) return refuse(misdirected)
  // A SPIFFE ID names a workload, so the request must name the client.
  const clientId = isSpiffeId(sub) ? named : sub
  if (clientId === undefined) return refused('a JWT-SVID needs client_id')
  if (named !== undefined && named !== clientId) return refused('client_id is not the sub of the assertion')
  const auth = (await request.find(clientId))?.auth
  if (auth === undefined) return refuse({ code: 'XAA1101', detail: 'unknown client' })
  if (auth.method !== 'private_key_jwt') return refused(`client is registered for ${auth.method}`)

  // Check claims before keys: a stale or misdirected assertion must not trigger a fetch.
  const token = { typ: header.typ, claims }
  const { spiffeId } = auth
  const problem =
    spiffeId === undefined
      ? findClientAssertionProblem(token, { ...request, clientId })
      : findSvidProblem(token, { ...request, spiffeId })
  if (problem !== undefined) return refused(problem)
  const failure = await findSignatureProblem(decoded.value, { auth, clientId, request })
  if (failure !== undefined) return refuse(failure)
  return accept({
    clientId,
    method: 'private_key_jwt',
    ...(header.kid === undefined ? {} : { kid: header.kid }),
    // Workloads reuse a JWT-SVID until it expires.
    replayKeys: spiffeId === undefined ? [clientAssertionReplayKey(claims, { clientId, ...request })] : [],
  })
}

/**
 * Judged before the client is looked up: the response is the same for clients that do not exist, so it may name our issuer.
 *
 * @param claims - of a client assertion
 */
export function findMisdirection(
  claims: Readonly<Record<string, unknown>>,
  { issuer }: Pick<ClientAuthentication, 'issuer'>,
): ClientAuthRefusal | undefined {
  const detail = findAudienceProblem(claims, { issuer })
  return detail && { code: 'XAA1102', detail, expected: `aud is ${issuer} and nothing else` }
}

async function findSignatureProblem(
  decoded: DecodedJws,
  {
    auth,
    clientId,
    request,
  }: {
    readonly auth: Extract<RegisteredClientAuth, { method: 'private_key_jwt' }>
    readonly clientId: string
    readonly request: ClientAuthentication
  },
): Promise<ClientAuthRefusal | undefined> {
  const { kid, alg } = decoded.header
  const key = await request.keys.find({
    // Never an issuer identifier, which starts with "http": this keeps client and issuer keys apart (SEC-04).
    issuer: `client:${request.issuer} ${clientId}`,
    kid,
    algorithm: alg,
    isSvid: auth.spiffeId !== undefined,
    ...(auth.jwks === undefined ? {} : { jwks: auth.jwks }),
    ...(auth.jwksUri === undefined ? {} : { jwksUri: auth.jwksUri }),
  })
  // Temporary, not a refusal: the same assertion may succeed on retry. This reveals that the client exists, which
  // the time spent fetching reveals anyway.
  if (!key.accepted && key.refusal.reason === 'unreachable') {
    const { detail = '', retryAfterSeconds } = key.refusal
    return { code: 'XAA1106', detail: `the keys cannot be fetched: ${detail}`, retryAfterSeconds }
  }
  if (!key.accepted) return { code: 'XAA1102', detail: key.refusal.detail ?? key.refusal.reason }
  const verified = verifySignature({ decoded, key: key.value, algorithms: ASYMMETRIC_ALGORITHMS })
  return verified.accepted ? undefined : { code: 'XAA1102', detail: verified.refusal }
}

/** @returns the replay key of an assertion whose claims are valid */
export function clientAssertionReplayKey(
  claims: Readonly<Record<string, unknown>>,
  {
    clientId,
    issuer,
    clockSkewSeconds,
  }: Pick<ClientAuthentication, 'issuer' | 'clockSkewSeconds'> & { readonly clientId: string },
): ReplayKey {
  return {
    kind: 'client-assertion',
    key: replayKeyDigest('client-assertion', claims.jti as string, issuer, clientId),
    expiresAt: findReplayEnd(claims.exp as number, clockSkewSeconds),
  }
}
