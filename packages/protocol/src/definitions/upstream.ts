// What an administrator of the IdP writes down about the identity provider that the company has already, through which
// people sign in here.
import { z } from 'zod'

import { zBoolean, zClientId, zId, zIssuer, zScopeToken } from './scalars.ts'

const zClaimName = z.string().min(1).max(256)

const zUpstreamClaims = z.strictObject({
  username: zClaimName.default('preferred_username').describe('Claim with the user name.'),
  email: zClaimName
    .default('email')
    .describe('Claim with the e-mail address; counts with `email_verified` only.'),
  name: zClaimName.default('name').describe('Claim with the full name.'),
  groups: zClaimName
    .optional()
    .describe('Claim with the groups of people created just in time; they have none unless given.'),
})

export const zUpstream = z.strictObject({
  id: zId.describe('Id; the redirect URI to register there is `baseUrl`/sign-in/upstream/ID.'),
  type: z.literal('oidc').describe('OpenID Connect.'),
  name: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Name on the sign-in page; the host of the issuer unless given.'),
  issuer: zIssuer.describe('Its issuer identifier, exact; its metadata tells the rest.'),
  clientId: zClientId.describe('The client_id of this IdP there.'),
  clientSecret: z.string().min(1).max(1024).describe('The secret of this client, best from a variable.'),
  scopes: z
    .array(zScopeToken)
    .default(['openid', 'profile', 'email'])
    .refine((scopes) => scopes.includes('openid'), 'scopes that include openid')
    .describe('What is asked for there.'),
  claims: zUpstreamClaims.prefault({}).describe('Which of its claims say what about a person.'),
  link: z
    .array(z.enum(['username', 'email']))
    .min(1)
    .default(['username'])
    .describe(
      'By what a person is found at the first sign-in, in this order: the user name, or an e-mail address that is verified on both sides. From then on by `sub` alone.',
    ),
  provisioning: z
    .enum(['none', 'jit'])
    .default('none')
    .describe('People who are not found: refused (none), or created (jit).'),
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
export type UpstreamDefinition = z.infer<typeof zUpstream>
