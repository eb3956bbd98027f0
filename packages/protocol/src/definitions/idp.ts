// What an administrator of the IdP writes down: people, apps, resource apps, connections, policies.
// The same shapes serve the configuration file, the admin API and the evaluator.
import { z } from 'zod'

import { zClientAuth } from './client-auth.ts'
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
} from './scalars.ts'

export const zAssignments = z.strictObject({
  everyone: zBoolean.default(false),
  users: z.array(zId).default([]),
  groups: z.array(z.string().min(1)).default([]),
})
/** Who is meant; nobody unless named. */
export type Assignments = z.infer<typeof zAssignments>

export const zUser = z.strictObject({
  id: zId,
  username: z.string().min(1).max(256),
  email: z.email().optional(),
  emailVerified: zBoolean.default(false),
  name: z.string().max(256).optional(),
  password: z.string().min(1).max(1024).optional(),
  groups: z.array(z.string().min(1)).default([]),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  active: zBoolean.default(true),
})
export type UserDefinition = z.infer<typeof zUser>

export const zApp = z.strictObject({
  id: zClientId,
  name: z.string().min(1).max(256),
  kind: z.enum(['agent', 'web', 'service']),
  redirectUris: z.array(z.url()).default([]),
  postLogoutRedirectUris: z.array(z.url()).default([]),
  /** Told when a session ends (OpenID Connect Back-Channel Logout 1.0). */
  backchannelLogoutUri: zServerUrl.optional(),
  auth: zClientAuth,
  owners: z.array(zId).default([]),
  assignments: zAssignments.prefault({}),
  active: zBoolean.default(true),
})
export type AppDefinition = z.infer<typeof zApp>

const zUserSource = z
  .string()
  .regex(
    /^user\.(id|email|username|name|groups|attributes\.[^\s.]+)$/,
    'user.id, user.email, user.username, user.name, user.groups or user.attributes.NAME',
  )

export const zResourceApp = z.strictObject({
  id: zId,
  name: z.string().min(1).max(256),
  /** The issuer of the resource's authorization server: the `aud` of its ID-JAGs. */
  issuer: zIssuer,
  /** Further names accepted as `audience`; never written into `aud`. */
  aliases: z.array(z.string().min(1).max(2048)).default([]),
  subject: z.union([z.literal('pairwise'), zUserSource]).default('user.id'),
  claims: z.record(z.string().min(1), zUserSource).default({}),
  tenant: z.string().min(1).optional(),
  audTenant: z.string().min(1).optional(),
  requireResource: zBoolean.default(false),
  resources: z.array(z.strictObject({ id: zResource, scopes: z.array(zScopeToken).default([]) })).default([]),
  authorizationDetailsTypes: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({ type: z.string().min(1), schema: z.record(z.string(), z.unknown()).optional() }),
      ]),
    )
    .default([]),
  assignments: zAssignments.prefault({}),
  active: zBoolean.default(true),
})
export type ResourceAppDefinition = z.infer<typeof zResourceApp>

export const zConnection = z.strictObject({
  id: zId,
  app: zClientId,
  resourceApp: zId,
  /** The app's client_id at the resource's authorization server. */
  clientId: zClientId.optional(),
  resources: z.array(zResource).default([]),
  scopes: z.array(zScopeToken).default([]),
  authorizationDetailsTypes: z.array(z.string().min(1)).default([]),
  assignments: zAssignments.prefault({}),
  status: z.enum(['draft', 'active', 'report-only', 'suspended']).default('draft'),
  notBefore: zMoment.optional(),
  expiresAt: zMoment.optional(),
  conditions: z
    .strictObject({
      maxAuthAgeSeconds: zInteger(1, 31_536_000).optional(),
      acr: z.array(z.string().min(1)).min(1).optional(),
      dpop: z.enum(['required', 'optional']).default('optional'),
    })
    .prefault({}),
})
export type ConnectionDefinition = z.infer<typeof zConnection>

const zClauseValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
])

export const zPolicy = z
  .strictObject({
    id: zId,
    description: z.string().optional(),
    /** Every clause must match; a list means any of. Clause names are checked by the policy package. */
    when: z.record(z.string(), zClauseValue).default({}),
    effect: z.enum(['deny', 'require', 'limit']),
    require: z
      .strictObject({
        acr: z.array(z.string().min(1)).min(1).optional(),
        maxAuthAgeSeconds: zInteger(1, 31_536_000).optional(),
        dpop: zBoolean.optional(),
      })
      .optional(),
    limit: z
      .strictObject({
        scopes: z.array(zScopeToken).optional(),
        idJagTtlSeconds: zInteger(1, 300).optional(),
        perHour: zInteger(1, 1_000_000).optional(),
      })
      .optional(),
    state: z.enum(['enforced', 'report-only', 'off']).default('enforced'),
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
