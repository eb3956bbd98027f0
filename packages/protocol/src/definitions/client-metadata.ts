// Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document): which client ids are their URLs, which
// of them an administrator allows, and what a document may contain. Pure; fetching and caching happen elsewhere.
import { ID_JAG_PROFILE, GRANT_TYPE } from '../constants.ts'
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm } from './signing.ts'
import { isDisplayName } from '../display-name.ts'
import { isObject, isText } from '../finding.ts'
import { isPrivateOrSymmetric } from '../tokens/jwk.ts'
import { isLoopbackAuthority } from '../addresses/loopback-authority.ts'
import { isRedirectUri } from '../addresses/redirect-uri.ts'
import { accept, refuse, type Result } from '../result.ts'

export interface ClientMetadata {
  /** The client_id: the URL of the document, byte for byte */
  readonly id: string
  readonly name: string
  readonly redirectUris: readonly string[]
  /** As registered, or `authorization_code` if the document lists none (RFC 7591 section 2) */
  readonly grantTypes: readonly string[]
  readonly auth:
    | {
        readonly method: 'private_key_jwt'
        readonly jwks?: { readonly keys: Record<string, unknown>[] }
        readonly jwksUri?: string
      }
    | { readonly method: 'none' }
  readonly idTokenSigningAlg?: IdTokenAlgorithm
  /** RFC 9449 section 5.2 */
  readonly dpopBoundAccessTokens: boolean
}

export interface ClientMetadataRules {
  /** Whether loopback hosts are allowed, also over http: only if our own address is one */
  readonly allowLoopback: boolean
}

export interface ClientMetadataProblem {
  readonly member: string
  readonly problem: string
}

const CLIENT_ID_URL = /^(https?):\/\/([^/?#@\\\s]+)(\/[^?#\\\s]*)(\?[^#\\\s]*)?$/
/** Everything that resolves a path treats `%2e` as a dot. */
const DOT_SEGMENT = /^(\.|%2e){1,2}$/i

/**
 * Whether a client_id is the URL of a metadata document: https, with a path, and without fragment, user information or
 * dot segments. Nothing is normalized: two spellings are two clients (CID-04, CID-06).
 */
export function isClientMetadataUrl(text: string, { allowLoopback }: ClientMetadataRules): boolean {
  const match = /^[\x21-\x7e]{1,512}$/.test(text) ? CLIENT_ID_URL.exec(text) : null
  if (match === null) return false
  const [, scheme, authority = '', path = ''] = match
  if (path.split('/').some((segment) => DOT_SEGMENT.test(segment))) return false
  return isLoopbackAuthority(authority) ? allowLoopback : scheme === 'https'
}

const HOST = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/

/** @returns whether a text is valid in an allow-list: a document's URL, or the host (and port) of documents */
export function isClientMetadataAllowance(text: string): boolean {
  return HOST.test(text) || isClientMetadataUrl(text, { allowLoopback: true })
}

/** @returns whether an allow-list contains this URL exactly, or its host and port as written in it */
export function isAllowedClientMetadataUrl(
  url: string,
  allow: readonly string[],
  rules: ClientMetadataRules,
): boolean {
  if (allow.length === 0 || !isClientMetadataUrl(url, rules)) return false
  const authority = CLIENT_ID_URL.exec(url)?.[2] ?? ''
  return allow.some((one) => one === url || one === authority)
}

type Document = Readonly<Record<string, unknown>>

/**
 * Parses a document fetched from `url`.
 *
 * @returns the client, or the first unacceptable member: another `client_id`, a secret or a method that needs one,
 *   private keys or keys from two sources, unusable redirects, or grant types that contradict the profile
 * @see draft-ietf-oauth-client-id-metadata-document section 4; RFC 7591 section 2; ID-JAG draft section 8 (CLI-25)
 */
export function parseClientMetadata(
  url: string,
  document: Document,
  rules: ClientMetadataRules,
): Result<ClientMetadata, ClientMetadataProblem> {
  const grantTypes = document.grant_types ?? [GRANT_TYPE.authorizationCode]
  const redirectUris = document.redirect_uris ?? []
  const problem =
    findIdentityProblem(url, document) ??
    findSecretProblem(document) ??
    findGrantProblem(grantTypes, document.authorization_grant_profiles_supported) ??
    findRedirectProblem(redirectUris, grantTypes as readonly string[]) ??
    findAlgorithmProblem(document.id_token_signed_response_alg) ??
    findKeyProblem(document, rules)
  if (problem !== undefined) return refuse(problem)
  return accept({
    id: url,
    name: isText(document.client_name) ? document.client_name : url,
    redirectUris: redirectUris as readonly string[],
    grantTypes: grantTypes as readonly string[],
    auth: readAuthentication(document),
    ...(document.id_token_signed_response_alg === undefined
      ? {}
      : { idTokenSigningAlg: document.id_token_signed_response_alg as IdTokenAlgorithm }),
    dpopBoundAccessTokens: document.dpop_bound_access_tokens === true,
  })
}

function findIdentityProblem(url: string, document: Document): ClientMetadataProblem | undefined {
  // Simple string comparison (RFC 3986 section 6.2.1).
  if (document.client_id !== url) return { member: 'client_id', problem: 'not the URL of the document' }
  const { client_name: name } = document
  return name === undefined || isDisplayName(name, 256)
    ? undefined
    : { member: 'client_name', problem: 'not visible text on one line, at most 256 characters' }
}

const METHODS: readonly unknown[] = [undefined, 'private_key_jwt', 'none']

/** Public documents cannot contain secrets (CID-05). */
function findSecretProblem(document: Document): ClientMetadataProblem | undefined {
  const secret = Object.keys(document).find((member) => member.startsWith('client_secret'))
  if (secret !== undefined) return { member: secret, problem: 'a public document must not contain a secret' }
  return METHODS.includes(document.token_endpoint_auth_method)
    ? undefined
    : { member: 'token_endpoint_auth_method', problem: 'neither private_key_jwt nor none' }
}

function findGrantProblem(grantTypes: unknown, profiles: unknown): ClientMetadataProblem | undefined {
  if (!isTexts(grantTypes)) return { member: 'grant_types', problem: 'not a list of strings' }
  if (profiles === undefined) return undefined
  const member = 'authorization_grant_profiles_supported'
  if (!isTexts(profiles)) return { member, problem: 'not a list of strings' }
  const needed = [GRANT_TYPE.tokenExchange, GRANT_TYPE.jwtBearer]
  return profiles.includes(ID_JAG_PROFILE) && needed.some((grant) => !grantTypes.includes(grant))
    ? { member: 'grant_types', problem: 'lacks a grant of the profile that the document names' }
    : undefined
}

function findRedirectProblem(
  redirectUris: unknown,
  grantTypes: readonly string[],
): ClientMetadataProblem | undefined {
  const member = 'redirect_uris'
  if (!isTexts(redirectUris)) return { member, problem: 'not a list of strings' }
  if (!redirectUris.every((uri) => isRedirectUri(uri)))
    return {
      member,
      problem: 'must be an https URL, a loopback URL or a private-use URI without fragment or wildcard host',
    }
  return redirectUris.length === 0 && grantTypes.includes(GRANT_TYPE.authorizationCode)
    ? { member, problem: 'required for authorization_code' }
    : undefined
}

function findAlgorithmProblem(algorithm: unknown): ClientMetadataProblem | undefined {
  const known = algorithm === undefined || ID_TOKEN_ALGORITHMS.some((one) => one === algorithm)
  const problem = `not one of ${ID_TOKEN_ALGORITHMS.join(', ')}`
  return known ? undefined : { member: 'id_token_signed_response_alg', problem }
}

function findKeyProblem(document: Document, rules: ClientMetadataRules): ClientMetadataProblem | undefined {
  const { jwks, jwks_uri: jwksUri, token_endpoint_auth_method: method } = document
  if (jwks !== undefined && jwksUri !== undefined)
    return { member: 'jwks_uri', problem: 'only one of jwks and jwks_uri is allowed' }
  if (method === 'private_key_jwt' && jwks === undefined && jwksUri === undefined)
    return { member: 'jwks', problem: 'required for private_key_jwt' }
  if (jwksUri !== undefined && !(typeof jwksUri === 'string' && isKeySource(jwksUri, rules)))
    return { member: 'jwks_uri', problem: 'not an https URL' }
  return jwks === undefined ? undefined : findKeySetProblem(jwks)
}

function isKeySource(text: string, { allowLoopback }: ClientMetadataRules): boolean {
  const match = /^(https?):\/\/([^/?#@\\\s]+)([/?][^#\\\s]*)?$/.exec(text)
  if (match === null) return false
  return isLoopbackAuthority(match[2] ?? '') ? allowLoopback : match[1] === 'https'
}

function findKeySetProblem(jwks: unknown): ClientMetadataProblem | undefined {
  const keys: unknown = isObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isObject))
    return { member: 'jwks', problem: 'not a set of keys' }
  return keys.some(isPrivateOrSymmetric)
    ? { member: 'jwks', problem: 'a private or shared key in a public document' }
    : undefined
}

/** Keys without a named method imply the method that uses them; only an explicit `none` ignores them (CID-07). */
function readAuthentication({
  jwks,
  jwks_uri: jwksUri,
  token_endpoint_auth_method: method,
}: Document): ClientMetadata['auth'] {
  if (method === 'none' || (jwks === undefined && jwksUri === undefined)) return { method: 'none' }
  return jwks === undefined
    ? { method: 'private_key_jwt', jwksUri: String(jwksUri) }
    : { method: 'private_key_jwt', jwks: jwks as { keys: Record<string, unknown>[] } }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => isText(one))
}
