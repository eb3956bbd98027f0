// The decision record `xaa.decision/v1`: one evaluated request, all its checks, the reason, and what would allow it.
import { z } from 'zod'

const zCheckResult = z.enum(['pass', 'fail', 'unknown', 'skipped', 'not_applicable'])

const zCheck = z.object({
  id: z.string(),
  result: zCheckResult,
  code: z.string().optional(),
  expected: z.unknown().optional(),
  actual: z.unknown().optional(),
  /** The checked object, with its revision. */
  ref: z.string().optional(),
  /** What made it pass, for example a group. */
  via: z.string().optional(),
  /** For `skipped`: the check it depends on. */
  because: z.string().optional(),
  evaluated: z.number().optional(),
  matched: z.number().optional(),
})
export type Check = z.infer<typeof zCheck>

const zPolicyTrace = z.object({
  id: z.string(),
  effect: z.enum(['deny', 'require', 'limit']),
  state: z.enum(['enforced', 'report-only']),
  applies: z.boolean(),
  result: z.enum(['pass', 'fail', 'unknown', 'not_applicable']),
  clauses: z.array(
    z.object({ text: z.string(), value: z.unknown(), result: z.union([z.boolean(), z.literal('unknown')]) }),
  ),
})
export type PolicyTrace = z.infer<typeof zPolicyTrace>

const zRemedy = z.object({
  rank: z.number(),
  owner: z.enum(['developer', 'administrator', 'user', 'vendor', 'nobody']),
  text: z.string(),
  console: z.string().optional(),
  cli: z.string().optional(),
  /** One call per line: `PATCH /connections/ID {"status": "active"}`, relative to the path of the admin API */
  api: z.string().optional(),
  /** Edits to the configuration file, for definitions that it owns; they need a restart */
  edits: z
    .array(
      z.object({ file: z.string(), line: z.number().optional(), object: z.string(), patch: z.unknown() }),
    )
    .optional(),
  /** What to request instead, in terms of a simulation */
  ask: z.record(z.string(), z.unknown()).optional(),
  /** The result of evaluating again with this change; absent if it was not computed. */
  verified: z.string().optional(),
})
export type Remedy = z.infer<typeof zRemedy>

const zGranted = z.object({
  client_id: z.string(),
  audience: z.string(),
  resource: z.array(z.string()),
  scope: z.array(z.string()),
  authorization_details: z.array(z.record(z.string(), z.unknown())).optional(),
  lifetime_seconds: z.number(),
  /** Epoch seconds: the end of the access as a whole */
  session_expiry: z.number().optional(),
  /** `profile`: the kind of workload; absent for a user */
  subject: z.object({ strategy: z.string(), value: z.string().optional(), profile: z.string().optional() }),
  cnf: z.object({ jkt: z.string() }).optional(),
  act: z.record(z.string(), z.unknown()).optional(),
})
export type Granted = z.infer<typeof zGranted>

/** An app between the user and the requesting app, and how it got its access token. */
const zHop = z.object({ app: z.string(), resource_app: z.string(), connection: z.string() })
export type Hop = z.infer<typeof zHop>

/** The delegation behind an access token, passed on from app to app. */
export const zChain = z.object({
  /** Starts with the app that the user works with */
  hops: z.array(zHop),
  scope: z.array(z.string()),
  /** Epoch seconds */
  expires_at: z.number(),
  /** Of the access token, if it names an actor */
  act: z.record(z.string(), z.unknown()).optional(),
})
export type Chain = z.infer<typeof zChain>

const zWire = z.object({
  http: z.number(),
  error: z.string().optional(),
  error_description: z.string().optional(),
  error_uri: z.string().optional(),
  acr_values: z.string().optional(),
  max_age: z.number().optional(),
  retry_after: z.number().optional(),
})
export type Wire = z.infer<typeof zWire>

export const zDecisionRecord = z.object({
  schema: z.literal('xaa.decision/v1'),
  decision_id: z.string(),
  trace_id: z.string(),
  /** RFC 3339, UTC, milliseconds */
  time: z.string(),
  stage: z.enum(['idp.token_exchange', 'idp.token', 'ras.redemption', 'ras.authorization', 'ras.token']),
  mode: z.enum(['enforced', 'simulated', 'replayed']),
  outcome: z.enum(['allow', 'deny', 'step_up', 'pending', 'error']),
  kind: z.string(),
  code: z.string(),
  summary: z.object({ user: z.string(), developer: z.string(), admin: z.string() }),
  request: z.object({
    grant_type: z.string().optional(),
    requesting_app: z
      .object({
        id: z.string(),
        client_id: z.string(),
        kind: z.string().optional(),
        auth: z.string().optional(),
        kid: z.string().optional(),
      })
      .nullable(),
    subject: z
      .object({
        ref: z.string().optional(),
        display: z.string().optional(),
        token_type: z.string().optional(),
        issuer: z.string().optional(),
        jti: z.string().optional(),
        /** When the ID token was issued, if by another identity provider */
        issued_at: z.string().optional(),
        auth_time: z.string().optional(),
        acr: z.string().optional(),
        /** Digest that identifies the session behind the token; the same for all tokens of the session */
        session: z.string().optional(),
        /** When that session ends, if the SAML identity provider stated it */
        session_ends_at: z.string().optional(),
        /** The chain of earlier apps and what it still allows, if the subject token is an access token */
        chain: zChain.optional(),
      })
      .nullable(),
    /** The actor for the subject, as proved by a token or the client's authentication; absent if none is named */
    actor: z
      .object({ ref: z.string(), issuer: z.string().optional(), profile: z.string().optional() })
      .optional(),
    audience: z.string().optional(),
    resource: z.array(z.string()),
    scope: z.array(z.string()),
    /** As requested, if well formed; absent if there are none */
    authorization_details: z.array(z.record(z.string(), z.unknown())).optional(),
    context: z.record(z.string(), z.unknown()),
  }),
  resolution: z.object({
    resource_app: z.string().optional(),
    how: z.string().optional(),
    candidates: z.array(z.string()),
    connection: z.string().optional(),
    account: z.string().optional(),
  }),
  checks: z.array(zCheck),
  policies: z.array(zPolicyTrace),
  granted: zGranted.nullable(),
  narrowed: z.array(
    z.object({
      scope: z.string().optional(),
      resource: z.string().optional(),
      by: z.string(),
      code: z.string(),
    }),
  ),
  remedies: z.array(zRemedy),
  wire: zWire,
  snapshot: z.record(z.string(), z.union([z.string(), z.number()])),
  timing_ms: z.object({ total: z.number() }).optional(),
})

export type DecisionRecord = z.infer<typeof zDecisionRecord>
