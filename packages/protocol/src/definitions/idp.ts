// Definitions by an administrator of the IdP: users, apps, resource apps, connections, policies.
// The configuration file, the admin API and the evaluator share these shapes.
import { z } from 'zod'

import { APP_KINDS } from '../tokens/actor-token.ts'
import { RESERVED_ID_JAG_CLAIMS } from '../tokens/id-jag.ts'
import { SAML_TRANSIENT } from '../tokens/saml-assertion.ts'
import { SENT_SECURITY_EVENTS } from '../security-events/security-event.ts'
import { zBrokered } from './brokered.ts'
import { type ClientAuth, zClientAuth } from './client-auth.ts'
import { zAuthorizationDetailsTypes } from './common.ts'
import { zEntityId } from './saml.ts'
import {
  isPathSegment,
  PATH_SEGMENT,
  zBoolean,
  zClientId,
  zId,
  zInteger,
  zIssuer,
  zTimestamp,
  zResource,
  zScopeToken,
  zServerUrl,
  zDisplayName,
} from './scalars.ts'
import { zScopeMeanings } from './scope-meaning.ts'
import { ID_TOKEN_ALGORITHMS } from './signing.ts'

export const zAppKind = z.enum(APP_KINDS)

export const zAssignments = z.strictObject({
  everyone: zBoolean.default(false).describe('All users, whatever else is listed.'),
  users: z.array(zId).default([]).describe('Ids of users.'),
  groups: z.array(z.string().min(1)).default([]).describe('Groups whose members are included.'),
})
/** Which users are included; empty: none. */
export type Assignments = z.infer<typeof zAssignments>

export const zUser = z.strictObject({
  id: zId.describe('Immutable id; the default subject of tokens.'),
  username: zDisplayName(256).min(1).describe('User name for signing in.'),
  email: z.email().optional().describe('E-mail address.'),
  emailVerified: zBoolean
    .default(false)
    .describe('Whether the address is verified; only then it is included in ID-JAGs.'),
  name: zDisplayName(256).optional().describe('Full name.'),
  password: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Password, ideally from a variable; stored as an argon2id hash.'),
  totpSecret: z
    .string()
    .regex(/^[A-Z2-7]{26,128}$/, 'base32 without padding, 26 characters (128 bits) or more')
    .optional()
    .describe(
      'Secret of an authenticator app (base32), ideally from a variable; stored encrypted. Without it, users enrol.',
    ),
  groups: z
    .array(zDisplayName(2048).min(1))
    .max(5000)
    .default([])
    .describe('Groups the user is a member of.'),
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .refine((attributes) => Object.keys(attributes).length <= 500, 'must have at most 500 attributes')
    .default({})
    .describe('Additional attributes, for claims and policies.'),
  active: zBoolean.default(true).describe('false: the user cannot sign in, and nothing is issued for them.'),
  directory: zId
    .optional()
    .describe('Directory that provisions the user by SCIM; other directories do not see the user.'),
  externalId: z.string().min(1).max(256).optional().describe('Id of the user in that directory.'),
})
export type UserDefinition = z.infer<typeof zUser>

export const zGroup = z.strictObject({
  id: zDisplayName(256)
    .min(1)
    .regex(/^[^\p{Cc}/]+$/u, 'a name without control characters and slashes')
    .refine(isPathSegment, PATH_SEGMENT)
    .describe('The name by which users and assignments refer to the group.'),
  name: zDisplayName(256).min(1).optional().describe('Name shown to users.'),
  members: z.array(zId).default([]).describe('Ids of users, in addition to those whose `groups` contain it.'),
  directory: zId
    .optional()
    .describe('Directory that provisions the group by SCIM; other directories do not see the group.'),
  externalId: z.string().min(1).max(256).optional().describe('Id of the group in that directory.'),
})
export type GroupDefinition = z.infer<typeof zGroup>

export const zApp = z.strictObject({
  id: zClientId.refine(isPathSegment, PATH_SEGMENT).describe('The client_id at the IdP.'),
  name: zDisplayName(256).min(1).describe('Name shown to users.'),
  kind: zAppKind.describe('Kind of app, for policies.'),
  purpose: zDisplayName(512)
    .min(1)
    .optional()
    .describe('What the app is for; shown to its users, to approvers and to reviewers.'),
  redirectUris: z
    .array(z.url())
    .default([])
    .describe(
      'Where sign-in may redirect, exact; loopback addresses without a port, or of apps without credentials, with any port.',
    ),
  postLogoutRedirectUris: z.array(z.url()).default([]).describe('Where sign-out may redirect, exact.'),
  backchannelLogoutUri: zServerUrl
    .optional()
    .describe('Notified when a session ends (OpenID Connect Back-Channel Logout 1.0).'),
  idTokenSigningAlg: z
    .enum(ID_TOKEN_ALGORITHMS)
    .optional()
    .describe('Algorithm of its ID tokens and logout tokens. Default: that of the IdP (`signing.idToken`).'),
  idTokenTtlSeconds: zInteger(1, 86_400)
    .optional()
    .describe('Lifetime of its ID tokens, in seconds. Default: `idTokenTtlSeconds` of the IdP.'),
  pkce: z
    .enum(['required', 'optional'])
    .optional()
    .describe(
      'optional: signs users in without PKCE, but then requires a `nonce`; for older apps with credentials. Default: required.',
    ),
  auth: zClientAuth.describe('How the app authenticates.'),
  maxSubjectTokenAgeSeconds: zInteger(1, 86_400)
    .optional()
    .describe(
      'Maximum age of ID tokens that the app exchanges, in seconds since `iat`. Default: their lifetime.',
    ),
  serviceOf: zId
    .optional()
    .describe(
      'Id of the resource app whose API this app is. It may exchange access tokens that were issued for it.',
    ),
  owners: z.array(zId).default([]).describe('Ids of users who are responsible for the app.'),
  assignments: zAssignments.prefault({}).describe('Users who may use the app. Default: none.'),
  active: zBoolean.default(true).describe('false: the app gets no tokens.'),
})
export type AppDefinition = Omit<z.infer<typeof zApp>, 'auth'> & {
  auth: ClientAuth
  /** In epoch seconds, if known. Tokens issued before belong to an earlier app with this id. */
  registeredAt?: number | undefined
}

const zUserSource = z
  .string()
  .regex(
    /^user\.(id|email|username|name|groups|attributes\.[^\s.]+)$/,
    'user.id, user.email, user.username, user.name, user.groups or user.attributes.NAME',
  )

/** Several users may have one name, and the resource would take them for the same user (JAG-05). */
const zSubjectSource = z
  .string()
  .regex(
    /^(pairwise|user\.(id|email|username|attributes\.[^\s.]+))$/,
    'user.id, user.email, user.username, user.attributes.NAME or pairwise',
  )

const zQualifier = z.string().min(1).max(1024)

const zSubId = z.strictObject({
  format: z.literal('saml-nameid'),
  issuer: zEntityId.describe("Entity id of this IdP at the resource's service provider."),
  nameid: zSubjectSource.describe('Value of the NameID: `pairwise`, or a source such as `user.email`.'),
  nameidFormat: zQualifier
    .refine((format) => format !== SAML_TRANSIENT, 'a format other than transient, which names no account')
    .optional()
    .describe('The Format, exactly as in the SAML assertion.'),
  nameQualifier: zQualifier.optional().describe('The NameQualifier, if the SAML assertion has one.'),
  spNameQualifier: zQualifier.optional().describe('The SPNameQualifier, if the SAML assertion has one.'),
})

const zEventStream = z
  .strictObject({
    endpoint: zServerUrl
      .optional()
      .describe(
        'Where its authorization server accepts security events (RFC 8935). Default: none are pushed.',
      ),
    events: z
      .array(z.enum(SENT_SECURITY_EVENTS))
      .min(1)
      .optional()
      .describe('Events to push there. Default: all.'),
    receiver: zClientId
      .optional()
      .describe(
        'Id of an app that may create streams for its authorization server (Shared Signals Framework).',
      ),
  })
  .refine(
    ({ endpoint, receiver }) => endpoint !== undefined || receiver !== undefined,
    'needs endpoint, receiver or both',
  )
  .refine(
    ({ endpoint, events }) => endpoint !== undefined || events === undefined,
    'events requires an endpoint',
  )

const zContractClaimName = z
  .string()
  .min(1)
  .refine(
    (name) => !RESERVED_ID_JAG_CLAIMS.has(name),
    'a claim that the protocol does not define; choose another name',
  )

export const zResourceApp = z.strictObject({
  id: zId.describe('Id of the resource app.'),
  name: zDisplayName(256).min(1).describe('Name shown to users.'),
  issuer: zIssuer.describe("Issuer of the resource's authorization server: the `aud` of its ID-JAGs."),
  aliases: z
    .array(z.string().min(1).max(2048))
    .default([])
    .describe('Additional names accepted as `audience`; never written into `aud`.'),
  subject: zSubjectSource
    .default('user.id')
    .describe('The `sub` of ID-JAGs: `pairwise`, or a source such as `user.id` or `user.email`.'),
  subId: zSubId
    .optional()
    .describe('The `sub_id` claim, for resources that identify accounts by SAML NameID. Default: none.'),
  claims: z
    .record(zContractClaimName, zUserSource)
    .refine(
      ({ aud_sub: source }) => source === undefined || zSubjectSource.safeParse(source).success,
      'needs aud_sub from user.id, user.email, user.username or user.attributes.NAME, which identify one user',
    )
    .default({})
    .describe('Additional ID-JAG claims and their sources; e-mail only if verified. Default: none.'),
  tenant: z.string().min(1).optional().describe('The `tenant` claim: the issuing tenant of the IdP.'),
  audTenant: z
    .string()
    .min(1)
    .optional()
    .describe('The `aud_tenant` claim: the target tenant at the resource.'),
  requireResource: zBoolean.default(false).describe('true: a request without `resource` is refused.'),
  resources: z
    .array(
      z.strictObject({
        id: zResource.describe('Resource identifier (RFC 8707).'),
        scopes: z.array(zScopeToken).default([]).describe('Every scope that the resource defines.'),
      }),
    )
    .default([])
    .describe('Resources behind the issuer; policies apply per resource.'),
  scopeMeanings: zScopeMeanings
    .optional()
    .describe('What scopes mean, by name, and which of them need approval; not every scope needs an entry.'),
  authorizationDetailsTypes: zAuthorizationDetailsTypes,
  assignments: zAssignments.prefault({}).describe('Users who can be represented there. Default: none.'),
  securityEvents: zEventStream
    .optional()
    .describe(
      'How its authorization server learns of revocations immediately; resource apps behind one issuer share a stream.',
    ),
  brokered: zBrokered
    .optional()
    .describe(
      'For a resource that does not support ID-JAG: a gateway calls its API with a credential from the vault, which the app never sees. Its issuer must be an authorization server of this server.',
    ),
  active: zBoolean.default(true).describe('false: nothing is issued for it.'),
})
export type ResourceAppDefinition = z.infer<typeof zResourceApp>

/** `act` names at most four actors: the requesting app, and those before it. */
const MAX_HOPS = 3

const zDelegation = z.strictObject({
  maxDepth: zInteger(1, MAX_HOPS)
    .default(1)
    .describe('Maximum number of apps between the user and the requesting app.'),
  scopes: z
    .record(zScopeToken, z.array(zScopeToken).min(1))
    .describe('Scopes it may be granted, each with the access token scopes that allow it; any one suffices.'),
})
export type Delegation = z.infer<typeof zDelegation>

export const zConnection = z.strictObject({
  id: zId.describe('Id of the connection.'),
  app: zClientId.describe('Id of the requesting app.'),
  resourceApp: zId.describe('Id of the resource app.'),
  clientId: zClientId
    .optional()
    .describe("The app's client_id at the resource's authorization server; required to be active."),
  resources: z.array(zResource).default([]).describe('Resources it covers. Default: none.'),
  scopes: z.array(zScopeToken).default([]).describe('Scopes it may grant. Default: none.'),
  authorizationDetailsTypes: z
    .array(z.string().min(1))
    .default([])
    .describe('RFC 9396 types it may grant. Default: none.'),
  assignments: zAssignments.prefault({}).describe('Users who can be represented over it. Default: none.'),
  actors: z
    .array(zClientId)
    .optional()
    .describe(
      'Ids of apps that may act over it with an actor token; requires the actor profile. Default: none.',
    ),
  subject: z
    .enum(['user', 'workload'])
    .optional()
    .describe('Whom the app acts for over this connection: users, or itself as a workload. Default: users.'),
  delegation: zDelegation
    .optional()
    .describe(
      'Accepts access tokens as subject tokens, from a requesting app with `serviceOf`. Default: only identity assertions.',
    ),
  status: z
    .enum(['draft', 'active', 'report-only', 'suspended'])
    .default('draft')
    .describe('Tokens are only issued over an active connection.'),
  notBefore: zTimestamp.optional().describe('Start of its validity.'),
  expiresAt: zTimestamp.optional().describe('End of its validity; no ID-JAG outlives it.'),
  conditions: z
    .strictObject({
      maxAuthAgeSeconds: zInteger(1, 31_536_000)
        .optional()
        .describe('Maximum age of the sign-in, in seconds.'),
      acr: z.array(z.string().min(1)).min(1).optional().describe('Accepted authentication context classes.'),
      dpop: z
        .enum(['required', 'optional'])
        .default('optional')
        .describe('Whether requests must carry a DPoP proof.'),
      /** Parsed by the policy package, as is `time.outside` */
      window: z
        .string()
        .min(1)
        .max(128)
        .optional()
        .describe(
          'Days, hours and time zone in which it may be used: `Mon-Fri 07:00-20:00 Europe/Berlin`. No ID-JAG outlives the window.',
        ),
    })
    .prefault({})
    .describe('Additional conditions.'),
})
export type ConnectionDefinition = z.infer<typeof zConnection>

/** Every request that the policy may apply to evaluates each of them. */
const MAX_CLAUSES = 50
const MAX_CLAUSE_VALUES = 500

const zClauseValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .max(MAX_CLAUSE_VALUES),
])

export const zPolicy = z
  .strictObject({
    id: zId.describe('Id of the policy.'),
    description: z.string().optional().describe('Reason for the policy.'),
    /** Every clause must match; a list means any of its values. The policy package checks clause names. */
    when: z
      .record(z.string(), zClauseValue)
      .refine((when) => Object.keys(when).length <= MAX_CLAUSES, `must have at most ${MAX_CLAUSES} clauses`)
      .default({})
      .describe('Clauses that must all match; a list means any of its values.'),
    effect: z
      .enum(['deny', 'require', 'limit'])
      .describe('A deny wins, every requirement must be met, limits intersect.'),
    require: z
      .strictObject({
        acr: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .describe('Accepted authentication context classes.'),
        maxAuthAgeSeconds: zInteger(1, 31_536_000)
          .optional()
          .describe('Maximum age of the sign-in, in seconds.'),
        dpop: zBoolean.optional().describe('Whether the request must carry a DPoP proof.'),
      })
      .optional()
      .describe('What the request must fulfil; for effect `require`.'),
    limit: z
      .strictObject({
        scopes: z.array(zScopeToken).optional().describe('Only these scopes.'),
        idJagTtlSeconds: zInteger(1, 300).optional().describe('Maximum lifetime of ID-JAGs, in seconds.'),
        perHour: zInteger(1, 1_000_000).optional().describe('Maximum number of grants per hour.'),
      })
      .optional()
      .describe('What is limited; for effect `limit`.'),
    state: z
      .enum(['enforced', 'report-only', 'off'])
      .default('enforced')
      .describe('report-only: recorded, but not applied.'),
  })
  .refine(
    (policy) => (policy.effect === 'require') === (policy.require !== undefined),
    'effect require needs a require block, and only it does',
  )
  .refine(
    (policy) => (policy.effect === 'limit') === (policy.limit !== undefined),
    'effect limit needs a limit block, and only it does',
  )
export type PolicyDefinition = z.infer<typeof zPolicy>
