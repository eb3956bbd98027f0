// How the app authenticates at a token endpoint. Secrets stay inside closures: these objects never print them.
import { CLIENT_ASSERTION_TYPE, JWT_TYP, parseJson, renderBasicCredentials } from '@crosswalk/protocol'
import { base64url, importJWK, importPKCS8, type JWK, SignJWT } from 'jose'

/** What an authentication method may know about the server. */
export interface ClientAuthContext {
  readonly clientId: string
  /** The issuer of the server: the only audience of a client assertion */
  readonly issuer: string
  readonly tokenEndpoint: string
  /** `token_endpoint_auth_methods_supported` of the server, if published */
  readonly methods?: readonly string[]
  readonly nowSeconds: number
}

/** What it adds to a token request. */
export interface ClientCredentials {
  readonly headers: Readonly<Record<string, string>>
  readonly params: Readonly<Record<string, string>>
}

export interface ClientAuth {
  readonly kind: 'secret' | 'private_key_jwt' | 'none'
  build(context: ClientAuthContext): Promise<ClientCredentials>
}

/**
 * A secret, sent by HTTP Basic or in the body, as the server's metadata requires; Basic if it states nothing (CLI-11).
 */
export function clientSecret(secret: string): ClientAuth {
  mustBeText(secret, 'clientSecret')
  const basic = buildBasic(secret)
  const post = buildPost(secret)
  return {
    kind: 'secret',
    build: (context) => {
      const { methods } = context
      const useBasic = methods === undefined || methods.includes('client_secret_basic')
      return (useBasic || !methods.includes('client_secret_post') ? basic : post)(context)
    },
  }
}

/** A secret, always sent in the body. */
export function clientSecretPost(secret: string): ClientAuth {
  mustBeText(secret, 'clientSecretPost')
  return { kind: 'secret', build: buildPost(secret) }
}

/** No authentication: for public clients, whose grants are bound by DPoP. */
export function publicClient(): ClientAuth {
  return { kind: 'none', build: async ({ clientId }) => ({ headers: {}, params: { client_id: clientId } }) }
}

/** Without `client_id` in the body, which Okta and others refuse as a second authentication. */
function buildBasic(secret: string): ClientAuth['build'] {
  return async ({ clientId }) => ({
    headers: { authorization: `Basic ${btoa(renderBasicCredentials(clientId, secret))}` },
    params: {},
  })
}

function buildPost(secret: string): ClientAuth['build'] {
  return async ({ clientId }) => ({ headers: {}, params: { client_id: clientId, client_secret: secret } })
}

export interface PrivateKeyJwtOptions {
  /** JWS algorithm; default: the `alg` of the JWK, or that of the key type (RSA: RS256) */
  readonly algorithm?: string
  /** `kid` header; default: the JWK's */
  readonly keyId?: string
  /**
   * Audience of the assertion: `issuer` as in rfc7523bis; `token-endpoint` for servers that still require the old one
   * (CLI-12)
   */
  readonly audience?: 'issuer' | 'token-endpoint'
  /** Lifetime in seconds, 1 to 3600; default 60 */
  readonly lifetimeSeconds?: number
}

type SigningKey = Awaited<ReturnType<typeof importJWK>>

/**
 * A private key, which never leaves the app.
 *
 * @param key - private JWK, its JSON text, or a PKCS#8 PEM
 * @throws TypeError if the key is none of these
 */
export function privateKeyJwt(key: JWK | string, options: PrivateKeyJwtOptions = {}): ClientAuth {
  const { lifetimeSeconds = 60 } = options
  if (!(lifetimeSeconds >= 1 && lifetimeSeconds <= 3600))
    throw new RangeError('privateKeyJwt: lifetimeSeconds must be 1 to 3600')
  const source = readKey(key)
  let imported: Promise<{ key: SigningKey; algorithm: string }> | undefined
  return {
    kind: 'private_key_jwt',
    build: async (context) => {
      imported ??= importKey(source, options.algorithm)
      const signer = await imported
      const keyId = options.keyId ?? (typeof source === 'string' ? undefined : source.kid)
      const audience = options.audience === 'token-endpoint' ? context.tokenEndpoint : context.issuer
      const { clientId, nowSeconds } = context
      const assertion = await new SignJWT({ jti: randomId() })
        .setProtectedHeader({
          alg: signer.algorithm,
          typ: JWT_TYP.clientAssertion,
          ...(keyId === undefined ? {} : { kid: keyId }),
        })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(audience)
        .setIssuedAt(Math.floor(nowSeconds))
        .setExpirationTime(Math.floor(nowSeconds) + lifetimeSeconds)
        .sign(signer.key)
      const params = { client_id: clientId, client_assertion_type: CLIENT_ASSERTION_TYPE }
      return { headers: {}, params: { ...params, client_assertion: assertion } }
    },
  }
}

function readKey(key: JWK | string): JWK | string {
  const parsed: unknown = typeof key === 'string' && key.trimStart().startsWith('{') ? parseJson(key) : key
  if (typeof parsed === 'string' && parsed.includes('-----BEGIN PRIVATE KEY-----')) return parsed
  if (typeof parsed === 'object' && parsed !== null && 'kty' in parsed && 'd' in parsed) return parsed as JWK
  throw new TypeError('privateKeyJwt: needs a private JWK, its JSON text, or a PKCS#8 PEM')
}

const PEM_ALGORITHMS = ['ES256', 'ES384', 'ES512', 'EdDSA', 'RS256'] as const
const CURVE_ALGORITHM: Readonly<Record<string, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
}

async function importKey(source: JWK | string, wanted: string | undefined) {
  if (typeof source !== 'string') {
    const algorithm = wanted ?? source.alg ?? CURVE_ALGORITHM[source.crv ?? ''] ?? 'RS256'
    return { key: await importJWK(source, algorithm), algorithm }
  }
  for (const algorithm of wanted === undefined ? PEM_ALGORITHMS : [wanted]) {
    const key = await importPKCS8(source, algorithm).catch(() => undefined)
    if (key !== undefined) return { key, algorithm }
  }
  throw new TypeError('privateKeyJwt: the key does not match the algorithm, or its type is not supported')
}

/** 128 random bits. */
export function randomId(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(16)))
}

function mustBeText(secret: unknown, name: string): void {
  if (typeof secret !== 'string' || secret === '') throw new TypeError(`${name}: the secret is empty`)
}
