// Definitions of identity providers whose ID tokens are accepted as subject tokens: an app that signed its user in
// there exchanges that ID token here.
import { z } from 'zod'

import { zJwks } from './client-auth.ts'
import { zAcceptedAlgorithms, zClaimName, zPrivateNetwork } from './common.ts'
import { zBoolean, zClientId, zInteger, zIssuer, zServerUrl } from './scalars.ts'

const zClaimValue = z.string().min(1).max(1024)

/** Matches the subject claim with an id or attribute that an administrator or provisioning set. */
const SUBJECT_RULE = /^(id|attribute:[^\s.]{1,128})$/

const zSubjectLink = z.union([
  z.enum(['username', 'email']),
  z.string().regex(SUBJECT_RULE, 'username, email, id or attribute:NAME'),
])

const zSubjectClaims = z.strictObject({
  subject: zClaimName
    .default('sub')
    .describe(
      'Claim that identifies the user permanently. `oid` at Entra, whose `sub` differs between apps.',
    ),
  username: zClaimName.default('preferred_username').describe('Claim with the user name.'),
  email: zClaimName
    .default('email')
    .describe(
      'Claim with the e-mail address; used only with `email_verified`, or with `emailVerified` below.',
    ),
  name: zClaimName.default('name').describe('Claim with the full name.'),
  groups: zClaimName
    .optional()
    .describe('Claim with the groups of users created just in time. Default: no groups.'),
})

export const zSubjectIssuer = z.strictObject({
  issuer: zIssuer.describe('Its issuer identifier, exact: the `iss` of its ID tokens.'),
  jwksUri: zServerUrl.optional().describe('URL of its keys. Default: from its metadata.'),
  jwks: zJwks.optional().describe('Its keys, instead of a URL.'),
  algorithms: zAcceptedAlgorithms.describe('Accepted signature algorithms.'),
  audiences: z
    .record(zClientId, zClientId)
    .describe(
      'The app of each client_id at this issuer: an ID token is accepted only from the app of its `aud`.',
    ),
  claims: zSubjectClaims.prefault({}).describe('Which of its claims describe a user.'),
  requireClaims: z
    .record(zClaimName, z.union([zClaimValue, z.array(zClaimValue).min(1).max(50)]))
    .default({})
    .describe('Claims that must have this value, or one of these: `hd` at Google, `tid` at Entra.'),
  link: z
    .array(zSubjectLink)
    .default([])
    .describe(
      'How to find a user the first time, in order: `username`, `email` (verified, of a listed domain), or the subject claim as `id` or `attribute:NAME`. Default: no user is found.',
    ),
  emailDomains: z
    .array(z.string().min(1).max(253))
    .default([])
    .describe(
      'Domains whose users it may assert; required to link by `email`. If set, users of other domains are not linked.',
    ),
  emailVerified: zBoolean
    .default(false)
    .describe('true: users cannot change their own address there, so it counts as verified. For Entra.'),
  provisioning: z
    .enum(['none', 'jit'])
    .default('none')
    .describe('Users who are not found: denied (none), or created (jit).'),
  mfa: z
    .array(z.string().min(1))
    .min(1)
    .default(['mfa'])
    .describe('Values of its `acr` or `amr` claim that indicate a second factor; `acr` is then `mfa` here.'),
  maxAgeSeconds: zInteger(60, 86_400)
    .default(3600)
    .describe('Maximum age of ID tokens since `iat`, in seconds.'),
  nonce: z
    .enum(['required', 'optional'])
    .default('optional')
    .describe('required: only ID tokens with a `nonce`, from a sign-in that the app started.'),
  session: z
    .enum(['required', 'optional'])
    .default('optional')
    .describe('required: only ID tokens with a `sid`, so that back-channel logout can end their session.'),
  securityEvents: z
    .strictObject({
      audience: z
        .string()
        .min(1)
        .max(2048)
        .optional()
        .describe('The `aud` that its security events must have. Default: the issuer of this IdP.'),
      maxAgeSeconds: zInteger(60, 2_592_000)
        .default(604_800)
        .describe('Maximum age of security events, in seconds; each is remembered that long.'),
    })
    .optional()
    .describe(
      'Accepts its security events (SSF, CAEP, RISC) at `baseUrl`/upstream/events. Default: not accepted.',
    ),
  privateNetwork: zPrivateNetwork,
})
export type SubjectIssuerDefinition = z.infer<typeof zSubjectIssuer>
