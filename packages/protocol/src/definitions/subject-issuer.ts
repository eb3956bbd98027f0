// What an administrator of the IdP writes down about identity providers whose ID tokens are taken as subject tokens: an app
// that signed its user in there brings that ID token to the token exchange here.
import { z } from 'zod'

import { zAlgorithm } from './authorization-server.ts'
import { zJwks } from './client-auth.ts'
import { zBoolean, zClientId, zInteger, zIssuer, zServerUrl } from './scalars.ts'

const zClaimName = z.string().min(1).max(256)
const zClaimValue = z.string().min(1).max(1024)

/** Matches the subject claim, by an id or attribute that an administrator or provisioning set. */
const SUBJECT_RULE = /^(id|attribute:[^\s.]{1,128})$/

const zSubjectLink = z.union([
  z.enum(['username', 'email']),
  z.string().regex(SUBJECT_RULE, 'username, email, id or attribute:NAME'),
])

const zSubjectClaims = z.strictObject({
  subject: zClaimName
    .default('sub')
    .describe('Claim that names the user for good. `oid` at Entra, whose `sub` differs from app to app.'),
  username: zClaimName.default('preferred_username').describe('Claim with the user name.'),
  email: zClaimName
    .default('email')
    .describe('Claim with the e-mail address; counts with `email_verified`, or with `emailVerified` below.'),
  name: zClaimName.default('name').describe('Claim with the full name.'),
  groups: zClaimName
    .optional()
    .describe('Claim with the groups of users created just in time; they have none unless given.'),
})

export const zSubjectIssuer = z.strictObject({
  issuer: zIssuer.describe('Its issuer identifier, exact: the `iss` of its ID tokens.'),
  jwksUri: zServerUrl.optional().describe('Where its keys are; from its metadata unless given.'),
  jwks: zJwks.optional().describe('Its keys, written down here instead.'),
  algorithms: z
    .array(zAlgorithm)
    .min(1)
    .default(['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'])
    .describe('Signature algorithms taken from it.'),
  audiences: z
    .record(zClientId, zClientId)
    .describe(
      'Which app each client_id at this issuer is: an ID token is taken only from the app of its `aud`.',
    ),
  claims: zSubjectClaims.prefault({}).describe('Which of its claims say what about a user.'),
  requireClaims: z
    .record(zClaimName, z.union([zClaimValue, z.array(zClaimValue).min(1).max(50)]))
    .default({})
    .describe('Claims that must be there with this value, or one of these: `hd` at Google, `tid` at Entra.'),
  link: z
    .array(zSubjectLink)
    .default([])
    .describe(
      'How a user is found the first time, in this order: `username`, `email` (verified, of a listed domain), or the subject claim as `id` or `attribute:NAME`. No user is found unless given.',
    ),
  emailDomains: z
    .array(z.string().min(1).max(253))
    .default([])
    .describe(
      'Domains whose users it may speak for; needed to link by `email`. Where there are any, it links no user of another domain.',
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
    .describe('Values of its `acr` or `amr` claim that stand for a second factor; `acr` is `mfa` here then.'),
  maxAgeSeconds: zInteger(60, 86_400)
    .default(3600)
    .describe('How old an ID token may be, by its `iat`, in seconds.'),
  nonce: z
    .enum(['required', 'optional'])
    .default('optional')
    .describe('required: only ID tokens with a `nonce`, which came of a sign-in that the app began.'),
  session: z
    .enum(['required', 'optional'])
    .default('optional')
    .describe('required: only ID tokens with a `sid`, whose session a back-channel logout can end.'),
  securityEvents: z
    .strictObject({
      audience: z
        .string()
        .min(1)
        .max(2048)
        .optional()
        .describe('The `aud` that its security events must carry; the issuer of this IdP unless given.'),
      maxAgeSeconds: zInteger(60, 2_592_000)
        .default(604_800)
        .describe('Older security events are refused, in seconds; so long each is remembered.'),
    })
    .optional()
    .describe('Takes its security events (SSF, CAEP, RISC) at `baseUrl`/upstream/events; none unless given.'),
  privateNetwork: zBoolean
    .default(false)
    .describe('true: it may have addresses of a private network. Otherwise only public ones are reached.'),
})
export type SubjectIssuerDefinition = z.infer<typeof zSubjectIssuer>
