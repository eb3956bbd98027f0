// What an administrator of the IdP writes down: users, apps, resource apps, connections, policies.
// The same shapes serve the configuration file, the admin API and the evaluator.
import { z } from 'zod'

import { SAML_TRANSIENT } from '../saml-assertion.ts'
import { SENT_SECURITY_EVENTS } from '../security-event.ts'
import { zBrokered } from './brokered.ts'
import { type ClientAuth, zClientAuth } from './client-auth.ts'
import { zEntityId } from './saml.ts'
import {
  zBoolean,
  zClientId,
  zId,
  zInteger,
  zIssuer,
  zMoment,
  zResource,
  zScopeToken,
  zServerUrl,
  zShownName,
} from './scalars.ts'
import { zScopeMeanings } from './scope-meaning.ts'
import { ID_TOKEN_ALGORITHMS } from './signing.ts'

export const zAssignments = z.strictObject({
  everyone: zBoolean.default(false).describe('Everybody, whatever else is listed.'),
  users: z.array(zId).default([]).describe('Ids of users.'),
  groups: z.array(z.string().min(1)).default([]).describe('Groups whose members are meant.'),
})
/** Which users are meant; none unless named. */
export type Assignments = z.infer<typeof zAssignments>

export const zUser = z.strictObject({
  id: zId.describe('Immutable id; the default subject of tokens.'),
  username: zShownName(256).min(1).describe('What the user types to sign in.'),
  email: z.email().optional().describe('E-mail address.'),
  emailVerified: zBoolean
    .default(false)
    .describe('Whether the address is known to be theirs; only then it goes into ID-JAGs.'),
  name: zShownName(256).optional().describe('Full name.'),
  password: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Password, best from a variable; kept as argon2id hash.'),
  totpSecret: z
    .string()
    .regex(/^[A-Z2-7]{26,128}$/, 'base32 without padding, 26 characters (128 bits) or more')
    .optional()
    .describe(
      'Secret of an authenticator app (base32), best from a variable; kept sealed. Without it, users enrol.',
    ),
  groups: z.array(zShownName(2048).min(1)).default([]).describe('Groups the user is a member of.'),
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('Further facts, for claims and policies.'),
  active: zBoolean.default(true).describe('false: cannot sign in, and nothing is issued for them.'),
  directory: zId
    .optional()
    .describe('Directory that provisions the user by SCIM; others do not see them there.'),
  externalId: z.string().min(1).max(256).optional().describe('Id of the user in that directory.'),
})
export type UserDefinition = z.infer<typeof zUser>

export const zGroup = z.strictObject({
  id: zShownName(256)
    .min(1)
    .regex(/^[^\p{Cc}/]+$/u, 'no control characters and no slash')
    .describe('The name by which users and assignments refer to the group.'),
  name: zShownName(256).min(1).optional().describe('Name shown to users.'),
  members: z.array(zId).default([]).describe('Ids of users, beside those whose `groups` name it.'),
  directory: zId
    .optional()
    .describe('Directory that provisions the group by SCIM; others do not see it there.'),
  externalId: z.string().min(1).max(256).optional().describe('Id of the group in that directory.'),
})
export type GroupDefinition = z.infer<typeof zGroup>

export const zApp = z.strictObject({
  id: zClientId.describe('The client_id at the IdP.'),
  name: zShownName(256).min(1).describe('Name shown to users.'),
  kind: z.enum(['agent', 'web', 'service']).describe('What sort of app it is, for policies.'),
  redirectUris: z.array(z.url()).default([]).describe('Where sign-in may return to, exact.'),
  postLogoutRedirectUris: z.array(z.url()).default([]).describe('Where sign-out may return to, exact.'),
  backchannelLogoutUri: zServerUrl
    .optional()
    .describe('Told when a session ends (OpenID Connect Back-Channel Logout 1.0).'),
  idTokenSigningAlg: z
    .enum(ID_TOKEN_ALGORITHMS)
    .optional()
    .describe(
      'Algorithm of its ID tokens and logout tokens; that of the IdP (`signing.idToken`) unless given.',
    ),
  pkce: z
    .enum(['required', 'optional'])
    .optional()
    .describe(
      'optional: signs users in without PKCE, but then with a `nonce`; for older apps with credentials. Default required.',
    ),
  auth: zClientAuth.describe('How the app proves who it is.'),
  maxSubjectTokenAgeSeconds: zInteger(1, 86_400)
    .optional()
    .describe(
      'How old an ID token may be that the app exchanges, in seconds from its `iat`; as long as it lives unless given.',
    ),
  serviceOf: zId
    .optional()
    .describe(
      'Id of the resource app whose API this app is. It may exchange access tokens that were issued for it.',
    ),
  owners: z.array(zId).default([]).describe('Ids of users who answer for the app.'),
  assignments: zAssignments.prefault({}).describe('Who may use the app; no user unless named.'),
  active: zBoolean.default(true).describe('false: the app gets nothing.'),
})
export type AppDefinition = Omit<z.infer<typeof zApp>, 'auth'> & { auth: ClientAuth }

const zUserSource = z
  .string()
  .regex(
    /^user\.(id|email|username|name|groups|attributes\.[^\s.]+)$/,
    'user.id, user.email, user.username, user.name, user.groups or user.attributes.NAME',
  )

const zQualifier = z.string().min(1).max(1024)

const zSubId = z.strictObject({
  format: z.literal('saml-nameid'),
  issuer: zEntityId.describe("Entity id under which the resource's service provider knows this IdP."),
  nameid: z
    .union([z.literal('pairwise'), zUserSource])
    .describe('What the NameID is: `pairwise`, or a source such as `user.email`.'),
  nameidFormat: zQualifier
    .refine((format) => format !== SAML_TRANSIENT, 'a format other than transient, which names no account')
    .optional()
    .describe('The Format, exactly where the SAML assertion would have one.'),
  nameQualifier: zQualifier.optional().describe('The NameQualifier, if the SAML assertion would have one.'),
  spNameQualifier: zQualifier
    .optional()
    .describe('The SPNameQualifier, if the SAML assertion would have one.'),
})

const zEventStream = z
  .strictObject({
    endpoint: zServerUrl
      .optional()
      .describe(
        'Where its authorization server takes security events (RFC 8935); none are pushed unless given.',
      ),
    events: z
      .array(z.enum(SENT_SECURITY_EVENTS))
      .min(1)
      .optional()
      .describe('Which events are pushed there; all unless listed.'),
    receiver: zClientId
      .optional()
      .describe(
        'Id of an app that may set up streams for its authorization server (Shared Signals Framework).',
      ),
  })
  .refine(
    ({ endpoint, receiver }) => endpoint !== undefined || receiver !== undefined,
    'endpoint, receiver or both',
  )
  .refine(
    ({ endpoint, events }) => endpoint !== undefined || events === undefined,
    'events go with an endpoint',
  )

export const zResourceApp = z.strictObject({
  id: zId.describe('Id of the resource app.'),
  name: zShownName(256).min(1).describe('Name shown to users.'),
  issuer: zIssuer.describe("Issuer of the resource's authorization server: the `aud` of its ID-JAGs."),
  aliases: z
    .array(z.string().min(1).max(2048))
    .default([])
    .describe('Further names accepted as `audience`; never written into `aud`.'),
  subject: z
    .union([z.literal('pairwise'), zUserSource])
    .default('user.id')
    .describe('What the `sub` of ID-JAGs is: `pairwise`, or a source such as `user.id` or `user.email`.'),
  subId: zSubId
    .optional()
    .describe('The `sub_id` claim, for resources whose accounts go by SAML NameIDs; none unless given.'),
  claims: z
    .record(z.string().min(1), zUserSource)
    .default({})
    .describe('Further ID-JAG claims and their sources; none unless listed. E-mail only when verified.'),
  tenant: z.string().min(1).optional().describe('The `tenant` claim: which tenant of the IdP speaks.'),
  audTenant: z
    .string()
    .min(1)
    .optional()
    .describe('The `aud_tenant` claim: which tenant of the resource is meant.'),
  requireResource: zBoolean.default(false).describe('true: a request without `resource` is refused.'),
  resources: z
    .array(
      z.strictObject({
        id: zResource.describe('Resource identifier (RFC 8707).'),
        scopes: z.array(zScopeToken).default([]).describe('Every scope the resource knows.'),
      }),
    )
    .default([])
    .describe('Resources behind the issuer; policy is per resource.'),
  scopeMeanings: zScopeMeanings
    .optional()
    .describe(
      'What scopes mean, by their names, and which of them need approval; not every scope needs one.',
    ),
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
  assignments: zAssignments.prefault({}).describe('Which users can be represented there; none unless named.'),
  securityEvents: zEventStream
    .optional()
    .describe(
      'How its authorization server hears of revocations at once; resource apps behind one issuer share a stream.',
    ),
  brokered: zBrokered
    .optional()
    .describe(
      'For a resource that knows no ID-JAG: a gateway calls its API with a credential from the vault, which the app never sees. Its issuer must be an authorization server of this server.',
    ),
  active: zBoolean.default(true).describe('false: nothing is issued for it.'),
})
export type ResourceAppDefinition = z.infer<typeof zResourceApp>

/** `act` names four actors at most: the app that asks, and those before it. */
const MAX_HOPS = 3

const zDelegation = z.strictObject({
  maxDepth: zInteger(1, MAX_HOPS)
    .default(1)
    .describe('Maximum number of apps between the user and the requesting app.'),
  scopes: z
    .record(zScopeToken, z.array(zScopeToken).min(1))
    .describe('Scopes it may be given, each with the scopes of the access token that allow it, any of them.'),
})
export type Delegation = z.infer<typeof zDelegation>

export const zConnection = z.strictObject({
  id: zId.describe('Id of the connection.'),
  app: zClientId.describe('Id of the requesting app.'),
  resourceApp: zId.describe('Id of the resource app.'),
  clientId: zClientId
    .optional()
    .describe("The app's client_id at the resource's authorization server; needed to be active."),
  resources: z.array(zResource).default([]).describe('Resources it reaches; none unless listed.'),
  scopes: z.array(zScopeToken).default([]).describe('Scopes it may be given; none unless listed.'),
  authorizationDetailsTypes: z
    .array(z.string().min(1))
    .default([])
    .describe('RFC 9396 types it may be given; none unless listed.'),
  assignments: zAssignments
    .prefault({})
    .describe('Which users can be represented over it; none unless named.'),
  actors: z
    .array(zClientId)
    .optional()
    .describe(
      'Ids of apps that may act over it by an actor token; none unless listed. Needs the actor profile.',
    ),
  subject: z
    .enum(['user', 'workload'])
    .optional()
    .describe('Who the app acts for over this connection: users, or itself as a workload. Default: users.'),
  delegation: zDelegation
    .optional()
    .describe(
      'Takes access tokens as subject tokens, from a requesting app with `serviceOf`; only ID tokens and the like unless given.',
    ),
  status: z
    .enum(['draft', 'active', 'report-only', 'suspended'])
    .default('draft')
    .describe('Only over an active connection anything is issued.'),
  notBefore: zMoment.optional().describe('It works from this moment on.'),
  expiresAt: zMoment.optional().describe('It ends at this moment, and no ID-JAG of it lives longer.'),
  conditions: z
    .strictObject({
      maxAuthAgeSeconds: zInteger(1, 31_536_000)
        .optional()
        .describe('How long ago the user may have signed in, in seconds.'),
      acr: z.array(z.string().min(1)).min(1).optional().describe('Authentication contexts, any of them.'),
      dpop: z
        .enum(['required', 'optional'])
        .default('optional')
        .describe('Whether requests must carry a DPoP proof.'),
      /** Parsed by the policy package, as those of `time.outside` are */
      window: z
        .string()
        .min(1)
        .max(128)
        .optional()
        .describe(
          'Days, hours and time zone in which it may be used: `Mon-Fri 07:00-20:00 Europe/Berlin`. No ID-JAG outlives them.',
        ),
    })
    .prefault({})
    .describe('What must hold besides.'),
})
export type ConnectionDefinition = z.infer<typeof zConnection>

/** Each is looked at with every request that the policy may concern. */
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
    description: z.string().optional().describe('Why it is there.'),
    /** Every clause must match; a list means any of. Clause names are checked by the policy package. */
    when: z
      .record(z.string(), zClauseValue)
      .refine((when) => Object.keys(when).length <= MAX_CLAUSES, `at most ${MAX_CLAUSES} clauses`)
      .default({})
      .describe('Clauses that must all match; a list means any of.'),
    effect: z
      .enum(['deny', 'require', 'limit'])
      .describe('A deny wins, every requirement must hold, limits intersect.'),
    require: z
      .strictObject({
        acr: z.array(z.string().min(1)).min(1).optional().describe('Authentication contexts, any of them.'),
        maxAuthAgeSeconds: zInteger(1, 31_536_000)
          .optional()
          .describe('How long ago the user may have signed in, in seconds.'),
        dpop: zBoolean.optional().describe('Whether the request must carry a DPoP proof.'),
      })
      .optional()
      .describe('What must hold; goes with effect `require`.'),
    limit: z
      .strictObject({
        scopes: z.array(zScopeToken).optional().describe('At most these scopes.'),
        idJagTtlSeconds: zInteger(1, 300)
          .optional()
          .describe('At most this lifetime of ID-JAGs, in seconds.'),
        perHour: zInteger(1, 1_000_000).optional().describe('At most this many in an hour.'),
      })
      .optional()
      .describe('What is cut down; goes with effect `limit`.'),
    state: z
      .enum(['enforced', 'report-only', 'off'])
      .default('enforced')
      .describe('report-only: noted, not applied.'),
  })
  .refine(
    (policy) => (policy.effect === 'require') === (policy.require !== undefined),
    'effect require goes with a require block, and only with it',
  )
  .refine(
    (policy) => (policy.effect === 'limit') === (policy.limit !== undefined),
    'effect limit goes with a limit block, and only with it',
  )
export type PolicyDefinition = z.infer<typeof zPolicy>
