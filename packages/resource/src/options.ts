// The options of an API, validated at start: a verifier without audience or issuer must not exist.
import { ASYMMETRIC_ALGORITHMS, findUnknownMembers, isIssuerIdentifier, isObject } from '@crosswalk/protocol'

import type { UsedProofs } from './used-proofs.ts'

/** How to introspect tokens at the authorization server (RFC 7662). */
export interface IntrospectionOptions {
  /** The API's registration at its authorization server */
  readonly clientId: string
  readonly clientSecret: string
  /** Default: from the issuer's metadata */
  readonly endpoint?: string
  /** How long a result is cached, in seconds, 0 to 60; default 0.5: a revoked token is refused within a second */
  readonly freshnessSeconds?: number
  /** Maximum number of cached results, 1 to 1 000 000; default 10 000 */
  readonly maxEntries?: number
}

/** @returns the response of RFC 7662 section 2.2 for an API of this resource; if it throws, the request is refused */
export type Introspect = (token: string) => Promise<Readonly<Record<string, unknown>>>

/** A refusal, for logs and metrics; contains no token. */
export interface RefusalReport {
  readonly code: string
  readonly status: number
  readonly detail: string
}

export interface ResourceOptions {
  /** The identifier of this API, exactly as in the `aud` of tokens: its https URL, http on loopback hosts only */
  readonly resource: string
  /**
   * The beginning of the resource's path that a proxy removes from requests before they arrive here, such as `/v1`.
   * Without it, `guard` would protect nothing and DPoP proofs would not match.
   */
  readonly strippedPath?: string
  /** Issuer identifier of the only authorization server whose tokens are accepted */
  readonly issuer: string
  /** Public keys of the issuer; default: fetched from its metadata's `jwks_uri` */
  readonly jwks?: { readonly keys: readonly object[] }
  /** URL of the keys, for an issuer without metadata */
  readonly jwksUri?: string
  /** Introspects every token, to detect revoked ones and accept opaque ones */
  readonly introspection?: IntrospectionOptions
  /** Likewise with an authorization server in this program: called for every token, without a cache */
  readonly introspect?: Introspect
  /** Signature algorithms; default ES256, ES384, EdDSA, Ed25519, PS256, RS256 */
  readonly algorithms?: readonly string[]
  /** `required`: only key-bound tokens are accepted; default `optional` */
  readonly dpop?: 'required' | 'optional'
  /** Stores used DPoP proofs; must be shared if several processes serve the API; default: in memory */
  readonly usedProofs?: UsedProofs
  /** The scopes of this API, for its metadata */
  readonly scopes?: readonly string[]
  /** Supported types of authorization details (RFC 9396), for its metadata */
  readonly authorizationDetailsTypes?: readonly string[]
  /** Display name, for the metadata */
  readonly name?: string
  /** 0 to 60; default 30 */
  readonly clockSkewSeconds?: number
  /** Timeout of each request to the authorization server, in milliseconds, 1 to 60 000; default 5000 */
  readonly timeoutMs?: number
  /** For a log; default: writes to the console why the API answers 503 */
  readonly onRefused?: (report: RefusalReport) => void
  /** Default: the global `fetch` */
  readonly fetch?: (url: string, init?: RequestInit) => Promise<Response>
  /** The clock, epoch milliseconds; default: `Date.now` */
  readonly nowMs?: () => number
}

/** Invalid options of a resource, with all of their problems. */
export class InvalidResourceOptions extends TypeError {
  override readonly name = 'InvalidResourceOptions'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`@crosswalk/resource: invalid options\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}

const KNOWN = [
  'resource',
  'strippedPath',
  'issuer',
  'jwks',
  'jwksUri',
  'introspection',
  'introspect',
  'algorithms',
  'dpop',
  'usedProofs',
  'scopes',
  'authorizationDetailsTypes',
  'name',
  'clockSkewSeconds',
  'timeoutMs',
  'onRefused',
  'fetch',
  'nowMs',
]

/** @throws InvalidResourceOptions */
export function checkResourceOptions(options: ResourceOptions): void {
  if (!isObject(options)) throw new InvalidResourceOptions(['options: not an object'])
  const secure = 'must be an https URL (http for loopback hosts only)'
  const problems = [
    ...findUnknownMembers(options, KNOWN),
    ...(isServerUrl(options.resource) && !options.resource.includes('#')
      ? []
      : [`resource: ${secure} without fragment`]),
    ...(isText(options.issuer) && isIssuerIdentifier(options.issuer)
      ? []
      : [`issuer: ${secure} without query and fragment`]),
    ...(options.strippedPath === undefined || beginsPath(options.strippedPath, options.resource)
      ? []
      : ['strippedPath: must be the beginning of the path of `resource`, such as /v1']),
    ...(options.jwksUri === undefined || isServerUrl(options.jwksUri) ? [] : [`jwksUri: ${secure}`]),
    ...(options.jwks === undefined || Array.isArray(options.jwks?.keys)
      ? []
      : ['jwks: must be { keys: […] }']),
    ...(options.jwks === undefined || options.jwksUri === undefined
      ? []
      : ['jwks and jwksUri: set only one of them']),
    ...findAlgorithmProblems(options.algorithms),
    ...([undefined, 'required', 'optional'].includes(options.dpop)
      ? []
      : ['dpop: must be "required" or "optional"']),
    ...findRangeProblems(options, 'clockSkewSeconds', [0, 60]),
    ...findRangeProblems(options, 'timeoutMs', [1, 60_000]),
    ...findIntrospectionProblems(options.introspection, secure),
    ...(['undefined', 'function'].includes(typeof options.introspect)
      ? []
      : ['introspect: must be a function']),
    ...(options.introspection === undefined || options.introspect === undefined
      ? []
      : ['introspection and introspect: set only one of them']),
  ]
  if (problems.length > 0) throw new InvalidResourceOptions(problems)
}

function findAlgorithmProblems(algorithms: unknown): readonly string[] {
  if (algorithms === undefined) return []
  const known: readonly unknown[] = ASYMMETRIC_ALGORITHMS
  const fits =
    Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every((one) => known.includes(one))
  return fits ? [] : [`algorithms: must be a list of ${ASYMMETRIC_ALGORITHMS.join(', ')}`]
}

function findRangeProblems(
  values: object,
  name: string,
  [minimum, maximum]: readonly [number, number],
  path = '',
): readonly string[] {
  const value: unknown = (values as Readonly<Record<string, unknown>>)[name]
  const fits = typeof value === 'number' && value >= minimum && value <= maximum
  return value === undefined || fits ? [] : [`${path}${name}: must be ${minimum} to ${maximum}`]
}

function findIntrospectionProblems(introspection: unknown, secure: string): readonly string[] {
  if (introspection === undefined) return []
  if (!isObject(introspection)) return ['introspection: must be { clientId, clientSecret }']
  const { endpoint } = introspection
  const known = ['clientId', 'clientSecret', 'endpoint', 'freshnessSeconds', 'maxEntries']
  const path = 'introspection.'
  return [
    ...findUnknownMembers(introspection, known, path),
    ...['clientId', 'clientSecret']
      .filter((name) => !isText(introspection[name]))
      .map((name) => `${path}${name}: missing`),
    ...(endpoint === undefined || isServerUrl(endpoint) ? [] : [`${path}endpoint: ${secure}`]),
    ...findRangeProblems(introspection, 'freshnessSeconds', [0, 60], path),
    ...findRangeProblems(introspection, 'maxEntries', [1, 1_000_000], path),
  ]
}

/** @returns whether it is a path without a slash at its end, and the resource is there or below */
function beginsPath(path: unknown, resource: unknown): boolean {
  if (!isText(path) || !isServerUrl(resource)) return false
  const { pathname } = new URL(resource as string)
  return path !== '/' && path.startsWith('/') && `${pathname}/`.startsWith(`${path}/`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** https, or http on a loopback host (RFC 6749 section 3.2). */
export function isServerUrl(value: unknown): value is string {
  return typeof value === 'string' && isIssuerIdentifier(value.replace(/[?#].*$/s, '')) && URL.canParse(value)
}
