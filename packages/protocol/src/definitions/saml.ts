// SAML definitions by an administrator of the IdP: the issuers whose assertions are subject tokens, and for which apps.
import { z } from 'zod'

import { zClientId, zServerUrl } from './scalars.ts'

/** SAML core section 8.3.6: a URI of at most 1024 characters; compared byte for byte. */
export const zEntityId = z
  .string()
  .regex(/^[^\s]{1,1024}$/, 'a SAML entity id: at most 1024 characters without white space')

export const zSamlIssuer = z.strictObject({
  entityId: zEntityId.describe(
    'Entity id of the SAML identity provider: the Issuer of its assertions, exact.',
  ),
  certificates: z
    .array(z.string().min(1).max(20_000))
    .min(1)
    .describe('Its signing certificates in PEM; only signatures by one of them are accepted.'),
  recipient: z
    .union([zServerUrl, z.array(zServerUrl).min(1)])
    .optional()
    .describe(
      'Recipient, or several, that bearer assertions must name. Default: the token endpoint of this IdP.',
    ),
  audiences: z
    .record(zEntityId, zClientId)
    .describe('The app of each SP entity id: an assertion is accepted only from the app of its audience.'),
  nameId: z
    .string()
    .regex(/^(username|email|id|attribute:[^\s.]+)$/, 'username, email, id or attribute:NAME')
    .describe(
      'The user attribute that the NameID matches: `username`, `email` (verified), `id` or `attribute:NAME`.',
    ),
  emailDomains: z
    .array(z.string().min(1).max(253))
    .default([])
    .describe(
      'Domains whose users it may name by `username` or `email`. Default: all except those of other sign-in providers.',
    ),
})
export type SamlIssuerDefinition = z.infer<typeof zSamlIssuer>

export const zSamlSection = z.strictObject({
  issuers: z
    .array(zSamlIssuer)
    .default([])
    .describe('SAML identity providers whose assertions are accepted as subject tokens.'),
})
export type SamlDefinition = z.infer<typeof zSamlSection>
