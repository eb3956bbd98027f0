// Definitions of the company's existing identity provider, through which users sign in here.
import { z } from 'zod'

import { zClaimName, zOpenidScopes, zPrivateNetwork } from './common.ts'
import { zEntityId } from './saml.ts'
import { zBoolean, zClientId, zId, zIssuer, zServerUrl, zDisplayName } from './scalars.ts'

const zName = zDisplayName(64).min(1).optional()

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
    'E-mail domains whose users are redirected there when they enter their address; no password is requested here.',
  )

const zOidcClaims = z.strictObject({
  username: zClaimName.default('preferred_username').describe('Claim with the user name.'),
  email: zClaimName
    .default('email')
    .describe(
      'Claim with the e-mail address; used only with `email_verified`, and if `email` has no other address.',
    ),
  name: zClaimName.default('name').describe('Claim with the full name.'),
  groups: zClaimName
    .optional()
    .describe('Claim with the groups of users created just in time. Default: no groups.'),
})

export const zOidcUpstream = z.strictObject({
  id: zId.describe('Id; register the redirect URI `baseUrl`/sign-in/upstream/ID there.'),
  type: z.literal('oidc').describe('OpenID Connect.'),
  name: zName.describe('Name on the sign-in page. Default: the host of the issuer.'),
  issuer: zIssuer.describe('Its issuer identifier, exact; its metadata contains the rest.'),
  clientId: zClientId.describe('The client_id of this IdP there.'),
  clientSecret: z.string().min(1).max(1024).describe('The secret of this client, ideally from a variable.'),
  scopes: zOpenidScopes,
  claims: zOidcClaims.prefault({}).describe('Which of its claims describe a user.'),
  link: zLink.describe(
    'How to find a user at the first sign-in, in order: the user name, or an e-mail address that is verified on both sides. Required with several providers; default `[username]`. Later sign-ins use `sub` only.',
  ),
  provisioning: zProvisioning,
  domains: zDomains,
  mfa: z
    .array(z.string().min(1))
    .min(1)
    .default(['mfa'])
    .describe(
      'Values of its `acr` or `amr` claim that indicate a second factor; such a sign-in has acr `mfa` here.',
    ),
  privateNetwork: zPrivateNetwork,
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
    .describe('Attribute with the groups of users created just in time. Default: no groups.'),
})

const zSamlUpstream = z.strictObject({
  id: zId.describe('Id; register the assertion consumer service `baseUrl`/sign-in/upstream/ID there.'),
  type: z.literal('saml').describe('SAML 2.0, started by this IdP.'),
  name: zName.describe('Name on the sign-in page. Default: the host of `signInUrl`.'),
  entityId: zEntityId.describe('Its entity id: the Issuer of its assertions, exact.'),
  signInUrl: zServerUrl.describe('Its single sign-on service with the HTTP-Redirect binding.'),
  signOutUrl: zServerUrl.optional().describe('Its sign-out page, shown to users who signed out here.'),
  certificates: z
    .array(z.string().min(1).max(20_000))
    .min(1)
    .describe('Its signing certificates in PEM; only signatures by one of them are accepted.'),
  ownEntityId: zEntityId
    .optional()
    .describe(
      'Entity id of this IdP there. Default: the URL of its metadata, `baseUrl`/sign-in/upstream/ID/metadata.',
    ),
  claims: zSamlAttributes.prefault({}).describe('Which of its attributes describe a user.'),
  matchFriendlyNames: zBoolean
    .default(false)
    .describe('true: `claims` also matches attributes by FriendlyName, if no Name matches.'),
  emailVerified: zBoolean
    .default(false)
    .describe('true: users cannot change their own address there, so it counts as verified.'),
  link: zLink.describe(
    'How to find a user at the first sign-in, in order: the user name, or an e-mail address that is verified on both sides. Required with several providers; default `[username]`. Later sign-ins use the NameID only.',
  ),
  provisioning: zProvisioning,
  domains: zDomains,
  mfa: z
    .array(z.string().min(1))
    .min(1)
    .default(['https://refeds.org/profile/mfa'])
    .describe(
      'Authentication contexts (AuthnContextClassRef) that indicate a second factor; such a sign-in has acr `mfa` here.',
    ),
})
export type SamlUpstreamDefinition = z.infer<typeof zSamlUpstream>

export const zUpstream = z.discriminatedUnion('type', [zOidcUpstream, zSamlUpstream])
export type UpstreamDefinition = z.infer<typeof zUpstream>
