// What the owner of a resource writes down: a Resource Authorization Server, whom it trusts, what it guards.
import { z } from 'zod'

import { RESERVED_ACCESS_TOKEN_CLAIMS } from '../access-token.ts'
import { ASYMMETRIC_ALGORITHMS } from '../jwk.ts'
import { type ClientAuth, zClientAuth, zClientMetadataAllow, zJwks } from './client-auth.ts'
import { isRedirectAllowance, isRedirectUri } from '../redirect-uri.ts'
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
  zShownName,
} from './scalars.ts'

export const zAlgorithm = z.enum(ASYMMETRIC_ALGORITHMS)

const zSecurityEventTrust = z.strictObject({
  audience: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe('The `aud` that its security events must carry; the issuer of this server unless given.'),
  maxAgeSeconds: zInteger(60, 2_592_000)
    .default(604_800)
    .describe('Older security events are refused, in seconds; so long each is remembered.'),
})

export const zTrustedIssuer = z.strictObject({
  issuer: zIssuer.describe('Issuer identifier of the identity provider, exact.'),
  jwksUri: zServerUrl.optional().describe("Where its keys are; from the issuer's metadata unless given."),
  jwks: zJwks.optional().describe('Its keys, written down here instead.'),
  algorithms: z
    .array(zAlgorithm)
    .min(1)
    .default(['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'])
    .describe('Signature algorithms taken from it; EdDSA includes Ed25519, its name by RFC 9864.'),
  tenant: z.string().min(1).optional().describe('The `tenant` its ID-JAGs must carry, if any.'),
  subject: z
    .array(z.enum(['iss_sub', 'aud_sub', 'sub_id', 'email']))
    .min(1)
    .default(['iss_sub'])
    .describe('By what a user is found, in this order; e-mail only if verified and of a listed domain.'),
  samlEntityId: zEntityId
    .optional()
    .describe(
      'Entity id of the SAML identity provider that this issuer is: the only one whose names it may use in `sub_id`.',
    ),
  emailDomains: z.array(z.string().min(1)).default([]).describe('Domains of addresses it may speak for.'),
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
      'Workloads taken from it: the `sub` of each, and the service account (`svc_NAME`) that it is here. None unless listed.',
    ),
  securityEvents: zSecurityEventTrust
    .optional()
    .describe(
      'Security events (RFC 8935) by which it revokes what rests on it; none are taken unless given, `{}` for all defaults.',
    ),
  requireIdJag: zBoolean
    .optional()
    .describe(
      'true: its users, by account or by an address of `emailDomains`, get access by ID-JAG only, and never by authorization code.',
    ),
  active: zBoolean.default(true).describe('false: not trusted.'),
})
export type TrustedIssuerDefinition = z.infer<typeof zTrustedIssuer>

export const zResourceClient = z.strictObject({
  id: zClientId.describe('The client_id at this authorization server.'),
  name: zShownName(256).optional().describe('Name shown to users.'),
  auth: zClientAuth.describe('How the client proves who it is.'),
  issuers: z
    .array(zIssuer)
    .optional()
    .describe('Issuers whose ID-JAGs it may redeem; every trusted one unless listed.'),
  grantTypes: z.array(z.string()).optional().describe('Grant types it may use; all unless listed.'),
  redirectUris: z
    .array(
      z
        .string()
        .refine(
          (uri) => isRedirectUri(uri, { anyScheme: true }),
          'an https URL, a loopback URL or a private-use URI, without fragment',
        ),
    )
    .max(100)
    .optional()
    .describe('Where the authorization endpoint may return to, exact; loopback addresses at any port.'),
  dpopBoundAccessTokens: zBoolean.default(false).describe('true: it gets DPoP-bound access tokens only.'),
  introspects: z
    .array(zResource)
    .default([])
    .describe('Resources about whose tokens it may ask (RFC 7662); it may always ask about its own.'),
  active: zBoolean.default(true).describe('false: the client gets nothing.'),
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

/** `sub_id` says issuer and subject in the form of RFC 9493, which is no claim of an ID-JAG; the two go together. */
const zUserClaims = z
  .record(zUserClaimName, zUserClaimSource)
  .refine((claims) => Object.keys(claims).length <= 32, 'at most 32 claims')
  .refine(
    (claims) =>
      Object.entries(claims).every(([name, source]) => (name === 'sub_id') === (source === 'idJag.iss_sub')),
    'sub_id takes idJag.iss_sub, and no other claim does',
  )

export const zGuardedResource = z.strictObject({
  id: zResource.describe('Resource identifier (RFC 8707).'),
  name: zShownName(256).min(1).optional().describe('Name on the consent page; `id` unless given.'),
  scopes: z.array(zScopeToken).default([]).describe('Every scope the resource knows.'),
  scopeDescriptions: z
    .record(zScopeToken, zShownName(512).min(1))
    .optional()
    .describe('What a scope lets an app do, in words of its users, for the consent page.'),
  claims: zUserClaims
    .default({})
    .describe(
      'What its access tokens say about the user, as claims and their sources, such as `email: idJag.email`; none unless listed.',
    ),
  dpop: z
    .enum(['required', 'optional'])
    .default('optional')
    .describe('Whether access tokens for it must be DPoP-bound.'),
})

export const zCodeSignIn = z.strictObject({
  issuer: zIssuer.describe(
    'Issuer identifier of the OpenID provider at which users of this service sign in.',
  ),
  clientId: zClientId.describe('The client_id of this authorization server there.'),
  clientSecret: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('The secret of this client, best from a variable; a public client unless given.'),
  scopes: z
    .array(zScopeToken)
    .default(['openid', 'profile', 'email'])
    .refine((scopes) => scopes.includes('openid'), 'scopes that include openid')
    .describe('What is asked for there.'),
  subject: z
    .array(z.enum(['iss_sub', 'email']))
    .min(1)
    .default(['iss_sub'])
    .describe('By what an account is found, in this order; e-mail only if verified and of a listed domain.'),
  emailDomains: z.array(z.string().min(1)).default([]).describe('Domains of addresses it may speak for.'),
  provisioning: z
    .enum(['jit', 'none'])
    .default('none')
    .describe('Unknown users: created (jit), or refused (none).'),
  privateNetwork: zBoolean
    .default(false)
    .describe('true: it may have addresses of a private network. Otherwise only public ones are reached.'),
})
export type CodeSignInDefinition = z.infer<typeof zCodeSignIn>

export const zAuthorizationCode = z.strictObject({
  displayName: zShownName(64).min(1).optional().describe('Name of the service on its pages.'),
  signIn: zCodeSignIn
    .optional()
    .describe('Where users sign in; a program that embeds the server gives a function instead.'),
  dynamicRegistration: z
    .strictObject({
      redirects: z
        .array(z.string().refine(isRedirectAllowance, 'a HOST or HOST:PORT, a SCHEME:, or loopback'))
        .min(1)
        .max(100)
        .describe(
          'Where clients that register themselves may return to: hosts of https URLs, schemes with their colon, or `loopback`.',
        ),
    })
    .optional()
    .describe('Clients may register themselves (RFC 7591), without secret; not offered unless given.'),
  accessTokenTtlSeconds: zInteger(60, 86_400)
    .default(3600)
    .describe('Lifetime of access tokens of this grant, in seconds; there are no refresh tokens.'),
})

export const zAuthorizationServer = z.strictObject({
  id: zId.describe('Id; its endpoints hang under `baseUrl`/as/ID.'),
  issuer: zIssuer.optional().describe('Issuer identifier; `baseUrl`/as/ID unless given.'),
  audTenant: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The tenant served here: an ID-JAG with another `aud_tenant` is refused, and one without finds no user by `aud_sub`.',
    ),
  trustedIssuers: z
    .array(zTrustedIssuer)
    .default([])
    .describe('Whose ID-JAGs are taken; without any, every one is refused.'),
  clients: z.array(zResourceClient).default([]).describe('Who may ask for tokens, or about them.'),
  dpopNonces: zBoolean
    .optional()
    .describe('true: every DPoP proof must carry a nonce of this server (RFC 9449 section 8).'),
  clientMetadata: z
    .strictObject({
      allow: zClientMetadataAllow.describe(
        'Whose documents are read: URLs of documents, exact, or hosts with the port that the URL shows.',
      ),
    })
    .optional()
    .describe(
      'Clients whose id is the URL of a Client ID Metadata Document; they redeem ID-JAGs with the keys it names, and ask by authorization code where that is offered.',
    ),
  authorizationCode: zAuthorizationCode
    .optional()
    .describe(
      'Authorization code with PKCE and consent, for apps that do not use ID-JAG; not offered unless given.',
    ),
  resources: z.array(zGuardedResource).default([]).describe('What the access tokens are for.'),
  authorizationDetailsTypes: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({ type: z.string().min(1), schema: z.record(z.string(), z.unknown()).optional() }),
      ]),
    )
    .max(100)
    .default([])
    .describe('RFC 9396 types, each with an optional JSON Schema (2020-12) that stands by itself.'),
  maxIdJagLifetimeSeconds: zInteger(1, 3600)
    .default(300)
    .describe('Longer-lived ID-JAGs are refused, in seconds.'),
  accessTokenTtlSeconds: zInteger(1, 86_400).default(600).describe('Lifetime of access tokens, in seconds.'),
  accessTokenFormat: z
    .enum(['jwt', 'opaque'])
    .default('jwt')
    .describe('`jwt` (RFC 9068), or `opaque` for introspection only.'),
  signing: zServerSigning
    .optional()
    .describe(
      'What it signs with, ES256 unless given; a new algorithm signs after its key was published for an hour.',
    ),
  replay: z
    .enum(['single-use', 'until-expiry'])
    .default('single-use')
    .describe('Whether an ID-JAG is redeemed once, or up to ten times while it lives.'),
})
export type AuthorizationServerDefinition = Omit<z.infer<typeof zAuthorizationServer>, 'clients'> & {
  clients: ResourceClientDefinition[]
}
