// What an administrator of the IdP writes down about the identity provider that the company has already, through which
// users sign in here.
import { z } from 'zod'

import { zEntityId } from './saml.ts'
import { zBoolean, zClientId, zId, zIssuer, zScopeToken, zServerUrl, zShownName } from './scalars.ts'

const zName = zShownName(64).min(1).optional()
const zClaimName = z.string().min(1).max(256)

const zLink = z
  .array(z.enum(['username', 'email']))
  .min(1)
  .default(['username'])
const zProvisioning = z
  .enum(['none', 'jit'])
  .default('none')
  .describe('Users who are not found: refused (none), or created (jit).')

const zDomains = z
  .array(
    z.string().regex(/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/, 'a domain in lower case, such as acme.example'),
  )
  .max(100)
  .default([])
  .describe(
    'E-mail domains whose users are sent there as soon as they enter their address; no password is asked for here.',
  )

const zOidcClaims = z.strictObject({
  username: zClaimName.default('preferred_username').describe('Claim with the user name.'),
  email: zClaimName
    .default('email')
    .describe('Claim with the e-mail address; counts with `email_verified` only.'),
  name: zClaimName.default('name').describe('Claim with the full name.'),
  groups: zClaimName
    .optional()
    .describe('Claim with the groups of users created just in time; they have none unless given.'),
})

export const zOidcUpstream = z.strictObject({
  id: zId.describe('Id; the redirect URI to register there is `baseUrl`/sign-in/upstream/ID.'),
  type: z.literal('oidc').describe('OpenID Connect.'),
  name: zName.describe('Name on the sign-in page; the host of the issuer unless given.'),
  issuer: zIssuer.describe('Its issuer identifier, exact; its metadata tells the rest.'),
  clientId: zClientId.describe('The client_id of this IdP there.'),
  clientSecret: z.string().min(1).max(1024).describe('The secret of this client, best from a variable.'),
  scopes: z
    .array(zScopeToken)
    .default(['openid', 'profile', 'email'])
    .refine((scopes) => scopes.includes('openid'), 'scopes that include openid')
    .describe('What is asked for there.'),
  claims: zOidcClaims.prefault({}).describe('Which of its claims say what about a user.'),
  link: zLink.describe(
    'By what a user is found at the first sign-in, in this order: the user name, or an e-mail address that is verified on both sides. Required with several providers; `[username]` otherwise. From then on by `sub` alone.',
  ),
  provisioning: zProvisioning,
  domains: zDomains,
  mfa: z
    .array(z.string().min(1))
    .min(1)
    .default(['mfa'])
    .describe(
      'Values of its `acr` or `amr` claim that stand for a second factor; such a sign-in has acr `mfa` here.',
    ),
  privateNetwork: zBoolean
    .default(false)
    .describe('true: it may have addresses of a private network. Otherwise only public ones are reached.'),
})
export type OidcUpstreamDefinition = z.infer<typeof zOidcUpstream>

const zSamlAttributes = z.strictObject({
  username: zClaimName
    .default('NameID')
    .describe('Attribute with the user name; `NameID` is the name of the subject itself.'),
  email: zClaimName.default('email').describe('Attribute with the e-mail address, or `NameID`.'),
  name: zClaimName.default('displayName').describe('Attribute with the full name.'),
  groups: zClaimName
    .optional()
    .describe('Attribute with the groups of users created just in time; they have none unless given.'),
})

export const zSamlUpstream = z.strictObject({
  id: zId.describe('Id; the assertion consumer service to register there is `baseUrl`/sign-in/upstream/ID.'),
  type: z.literal('saml').describe('SAML 2.0, started here.'),
  name: zName.describe('Name on the sign-in page; the host of `signInUrl` unless given.'),
  entityId: zEntityId.describe('Its entity id: the Issuer of its assertions, exact.'),
  signInUrl: zServerUrl.describe('Its single sign-on service with the HTTP-Redirect binding.'),
  signOutUrl: zServerUrl.optional().describe('Its page for signing out, shown to users who signed out here.'),
  certificates: z
    .array(z.string().min(1).max(20_000))
    .min(1)
    .describe('Its signing certificates in PEM; only signatures by one of them count.'),
  ownEntityId: zEntityId
    .optional()
    .describe(
      'Entity id of this IdP there; the address of its metadata, `baseUrl`/sign-in/upstream/ID/metadata, unless given.',
    ),
  claims: zSamlAttributes.prefault({}).describe('Which of its attributes say what about a user.'),
  matchFriendlyNames: zBoolean
    .default(false)
    .describe('true: `claims` also finds attributes by their FriendlyName, where no Name is the same.'),
  emailVerified: zBoolean
    .default(false)
    .describe('true: users cannot change their own address there, so it counts as verified.'),
  link: zLink.describe(
    'By what a user is found at the first sign-in, in this order: the user name, or an e-mail address that is verified on both sides. Required with several providers; `[username]` otherwise. From then on by the NameID alone.',
  ),
  provisioning: zProvisioning,
  domains: zDomains,
  mfa: z
    .array(z.string().min(1))
    .min(1)
    .default(['https://refeds.org/profile/mfa'])
    .describe(
      'Authentication contexts (AuthnContextClassRef) that stand for a second factor; such a sign-in has acr `mfa` here.',
    ),
})
export type SamlUpstreamDefinition = z.infer<typeof zSamlUpstream>

export const zUpstream = z.discriminatedUnion('type', [zOidcUpstream, zSamlUpstream])
export type UpstreamDefinition = z.infer<typeof zUpstream>
