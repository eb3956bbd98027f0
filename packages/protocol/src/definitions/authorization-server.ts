// Definitions by the owner of a resource: a Resource Authorization Server, the issuers it trusts, and what it protects.
import { z } from 'zod'

import { RESERVED_ACCESS_TOKEN_CLAIMS } from '../tokens/access-token.ts'
import { type ClientAuth, zClientAuth, zClientMetadataAllow, zJwks } from './client-auth.ts'
import { zAcceptedAlgorithms, zAuthorizationDetailsTypes, zOpenidScopes, zPrivateNetwork } from './common.ts'
import { isRedirectAllowance, isRedirectUri } from '../addresses/redirect-uri.ts'
import { zEntityId } from './saml.ts'
import { zServerSigning } from './signing.ts'
import {
  zBoolean,
  zClientId,
  zId,
  zInteger,
  zIssuer,
  zResource,
  zScopeToken,
  zServerUrl,
  zDisplayName,
} from './scalars.ts'

const zSecurityEventTrust = z.strictObject({
  audience: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe('The `aud` that its security events must have. Default: the issuer of this server.'),
  maxAgeSeconds: zInteger(60, 2_592_000)
    .default(604_800)
    .describe('Maximum age of security events, in seconds; each is remembered that long.'),
})

export const zTrustedIssuer = z.strictObject({
  issuer: zIssuer.describe('Issuer identifier of the identity provider, exact.'),
  jwksUri: zServerUrl.optional().describe("URL of its keys. Default: from the issuer's metadata."),
  jwks: zJwks.optional().describe('Its keys, instead of a URL.'),
  algorithms: zAcceptedAlgorithms.describe(
    'Accepted signature algorithms; EdDSA includes Ed25519, its name in RFC 9864.',
  ),
  tenant: z.string().min(1).optional().describe('The `tenant` its ID-JAGs must carry, if any.'),
  subject: z
    .array(z.enum(['iss_sub', 'aud_sub', 'sub_id', 'email']))
    .min(1)
    .default(['iss_sub'])
    .describe('Account linking strategies, in order; e-mail only if verified and of a listed domain.'),
  samlEntityId: zEntityId
    .optional()
    .describe(
      "Entity id of this issuer's SAML identity provider: the only one whose names it may use in `sub_id`.",
    ),
  emailDomains: z
    .array(z.string().min(1))
    .default([])
    .describe('Domains whose e-mail addresses it may assert.'),
  provisioning: z
    .enum(['jit', 'none', 'external'])
    .default('none')
    .describe(
      'Unknown users: created (jit), refused (none), or known by issuer and subject only (external).',
    ),
  workloads: z
    .record(
      z.string().min(1).max(255),
      z.string().regex(/^svc_[\w.-]{1,120}$/, 'a service account: svc_ and a name'),
    )
    .optional()
    .describe(
      'Accepted workloads: the `sub` of each, and its service account (`svc_NAME`) here. Default: none.',
    ),
  securityEvents: zSecurityEventTrust
    .optional()
    .describe(
      'Accepts its security events (RFC 8935), which revoke the access it gave; `{}` for all defaults. Default: not accepted.',
    ),
  globalTokenRevocation: zBoolean
    .optional()
    .describe(
      'true: accepts its Global Token Revocation requests (Okta: Universal Logout), which revoke the access it gave a user. Default: not accepted.',
    ),
  requireIdJag: zBoolean
    .optional()
    .describe(
      'true: its users, by account or by an address in `emailDomains`, get access by ID-JAG only, never by authorization code.',
    ),
  active: zBoolean.default(true).describe('false: not trusted.'),
})
export type TrustedIssuerDefinition = z.infer<typeof zTrustedIssuer>

/** @returns what identifies an entry among the trusted issuers of one authorization server */
export function nameTrustedIssuer({
  issuer,
  tenant,
}: Pick<TrustedIssuerDefinition, 'issuer'> & { readonly tenant?: string | undefined }): string {
  return tenant === undefined ? issuer : `${issuer} for the tenant ${tenant}`
}

export const zResourceClient = z.strictObject({
  id: zClientId.describe('The client_id at this authorization server.'),
  name: zDisplayName(256).optional().describe('Name shown to users.'),
  auth: zClientAuth.describe('How the client authenticates.'),
  issuers: z
    .array(zIssuer)
    .optional()
    .describe('Issuers whose ID-JAGs it may redeem. Default: every trusted one.'),
  grantTypes: z.array(z.string()).optional().describe('Grant types it may use. Default: all.'),
  redirectUris: z
    .array(
      z
        .string()
        .refine(
          (uri) => isRedirectUri(uri, { anyScheme: true }),
          'an https URL, a loopback URL or a private-use URI, without fragment or wildcard host',
        ),
    )
    .max(100)
    .optional()
    .describe('Where the authorization endpoint may redirect, exact; loopback addresses with any port.'),
  dpopBoundAccessTokens: zBoolean.default(false).describe('true: it gets DPoP-bound access tokens only.'),
  introspects: z
    .array(zResource)
    .default([])
    .describe('Resources whose tokens it may introspect (RFC 7662); it may always introspect its own.'),
  active: zBoolean.default(true).describe('false: the client gets no tokens.'),
})
export type ResourceClientDefinition = Omit<z.infer<typeof zResourceClient>, 'auth'> & { auth: ClientAuth }

const zUserClaimName = z
  .string()
  .regex(/^[\w.:/-]{1,128}$/, 'up to 128 letters, digits, and _ . : / -')
  .refine(
    (name) => !RESERVED_ACCESS_TOKEN_CLAIMS.has(name),
    'a claim that this server does not set itself; choose another name',
  )

const zUserClaimSource = z
  .string()
  .regex(
    /^(idJag\.[\w.:/-]{1,128}|account\.(email|name))$/,
    'idJag.CLAIM, idJag.iss_sub, account.email or account.name',
  )

/**
 * `sub_id` states issuer and subject in the form of RFC 9493, which no ID-JAG claim does; so the two require each
 * other.
 */
const zUserClaims = z
  .record(zUserClaimName, zUserClaimSource)
  .refine((claims) => Object.keys(claims).length <= 32, 'must have at most 32 claims')
  .refine(
    (claims) =>
      Object.entries(claims).every(([name, source]) => (name === 'sub_id') === (source === 'idJag.iss_sub')),
    'sub_id requires idJag.iss_sub, and no other claim accepts it',
  )

export const zGuardedResource = z.strictObject({
  id: zResource.describe('Resource identifier (RFC 8707).'),
  name: zDisplayName(256).min(1).optional().describe('Name on the consent page. Default: `id`.'),
  scopes: z.array(zScopeToken).default([]).describe('Every scope that the resource defines.'),
  scopeDescriptions: z
    .record(zScopeToken, zDisplayName(512).min(1))
    .optional()
    .describe('What each scope lets an app do, in terms that users understand, for the consent page.'),
  claims: zUserClaims
    .default({})
    .describe(
      'User claims in its access tokens, with their sources, such as `email: idJag.email`. Default: none.',
    ),
  dpop: z
    .enum(['required', 'optional'])
    .default('optional')
    .describe('Whether access tokens for it must be DPoP-bound.'),
})

export const zCodeSignIn = z.strictObject({
  issuer: zIssuer.describe('Issuer identifier of the OpenID provider where users of this service sign in.'),
  clientId: zClientId.describe('The client_id of this authorization server there.'),
  clientSecret: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('The secret of this client, ideally from a variable. Default: a public client.'),
  scopes: zOpenidScopes,
  subject: z
    .array(z.enum(['iss_sub', 'email']))
    .min(1)
    .default(['iss_sub'])
    .describe('Account linking strategies, in order; e-mail only if verified and of a listed domain.'),
  emailDomains: z
    .array(z.string().min(1))
    .default([])
    .describe('Domains whose e-mail addresses it may assert.'),
  provisioning: z
    .enum(['jit', 'none'])
    .default('none')
    .describe('Unknown users: created (jit), or refused (none).'),
  privateNetwork: zPrivateNetwork,
})
export type CodeSignInDefinition = z.infer<typeof zCodeSignIn>

export const zAuthorizationCode = z.strictObject({
  displayName: zDisplayName(64).min(1).optional().describe('Name of the service on its pages.'),
  signIn: zCodeSignIn
    .optional()
    .describe('Where users sign in; a program that embeds the server supplies a function instead.'),
  dynamicRegistration: z
    .strictObject({
      redirects: z
        .array(z.string().refine(isRedirectAllowance, 'a HOST or HOST:PORT, a SCHEME:, or loopback'))
        .min(1)
        .max(100)
        .describe(
          'Allowed redirects of self-registered clients: hosts of https URLs, schemes with their colon, or `loopback`.',
        ),
    })
    .optional()
    .describe('Lets clients register themselves (RFC 7591), without a secret. Default: not offered.'),
  accessTokenTtlSeconds: zInteger(60, 86_400)
    .default(3600)
    .describe('Lifetime of access tokens from this grant, in seconds; there are no refresh tokens.'),
})

export const zAuthorizationServer = z.strictObject({
  id: zId.describe('Id; its endpoints are under `baseUrl`/as/ID.'),
  issuer: zIssuer.optional().describe('Issuer identifier. Default: `baseUrl`/as/ID.'),
  audTenant: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The tenant served here: an ID-JAG with another `aud_tenant` is refused, and one without it finds no user by `aud_sub`.',
    ),
  trustedIssuers: z
    .array(zTrustedIssuer)
    .default([])
    .describe('Issuers whose ID-JAGs are accepted; without any, every ID-JAG is refused.'),
  clients: z.array(zResourceClient).default([]).describe('Clients that may request or introspect tokens.'),
  dpopNonces: zBoolean
    .optional()
    .describe('true: every DPoP proof must contain a nonce of this server (RFC 9449 section 8).'),
  clientMetadata: z
    .strictObject({
      allow: zClientMetadataAllow.describe(
        'Accepted documents: their URLs, exact, or hosts with the port that the URL shows.',
      ),
    })
    .optional()
    .describe(
      'Clients whose id is the URL of a Client ID Metadata Document; they redeem ID-JAGs with the keys it lists, and request codes if the code flow is offered.',
    ),
  authorizationCode: zAuthorizationCode
    .optional()
    .describe(
      'Authorization code flow with PKCE and consent, for apps that do not use ID-JAG. Default: not offered.',
    ),
  resources: z.array(zGuardedResource).default([]).describe('The resources that access tokens are for.'),
  authorizationDetailsTypes: zAuthorizationDetailsTypes,
  maxIdJagLifetimeSeconds: zInteger(1, 3600)
    .default(300)
    .describe('Maximum lifetime of ID-JAGs, in seconds; longer-lived ones are refused.'),
  accessTokenTtlSeconds: zInteger(1, 86_400).default(600).describe('Lifetime of access tokens, in seconds.'),
  accessTokenFormat: z
    .enum(['jwt', 'opaque'])
    .default('jwt')
    .describe('`jwt` (RFC 9068), or `opaque` for introspection only.'),
  signing: zServerSigning
    .optional()
    .describe(
      'Signing algorithm, default ES256; a new one takes effect after its key has been published for an hour.',
    ),
  replay: z
    .enum(['single-use', 'until-expiry'])
    .default('single-use')
    .describe('Whether an ID-JAG is redeemed once, or up to ten times during its lifetime.'),
})
export type AuthorizationServerDefinition = Omit<z.infer<typeof zAuthorizationServer>, 'clients'> & {
  clients: ResourceClientDefinition[]
}
