// Everything that is stored as a JSON object, each collection with the schema that reads it. Before an object is stored
// it must pass the same schema, so that no process stores what it cannot read.
import {
  type Collection,
  COLLECTION_NAMES,
  ROLES,
  zAccessRequest,
  zDeciderChange,
  zRecommendation,
  zRecommendationMute,
  zReview,
  zReviewItem,
} from '@crosswalk/admin-api'
import type { EventStream } from '@crosswalk/idp'
import type { Block } from '@crosswalk/policy'
import { zScopeApproval, zScopeMeaning } from '@crosswalk/protocol'
import { z } from 'zod'

import { CONTROLLED } from './collections/registry.ts'
import type { AccessGrantRecord, ApprovalRecord, DefinitionOf, Hold, TokenRecord } from './records.ts'

const zText = z.string()
const zTexts = z.array(zText)

const zHold: z.ZodType<Hold> = z.object({
  kind: z.enum(['connection', 'user', 'app']),
  target: zText,
  state: z.enum(['suspended', 'revoked']),
  by: zText,
  since: zText,
  reason: zText.exactOptional(),
  revokeTokens: z.literal(true).exactOptional(),
})

const zBlock: z.ZodType<Block> = z.object({
  id: zText,
  kind: z.enum(['user', 'app', 'connection', 'everything']),
  target: zText,
  onlyFor: zText.exactOptional(),
  until: zText.exactOptional(),
  by: zText,
  reason: zText.exactOptional(),
  since: zText,
  kill: z.boolean(),
})

const zToken: z.ZodType<TokenRecord> = z.object({
  id: zText,
  name: zText,
  role: z.enum(ROLES),
  apps: zTexts.exactOptional(),
  hash: zText,
  createdAt: zText,
  createdBy: zText,
  principal: zText.exactOptional(),
  expiresAt: zText.exactOptional(),
})

const zStream: z.ZodType<EventStream> = z.object({
  id: zText,
  audience: zText,
  delivery: z.discriminatedUnion('method', [
    z.object({ method: z.literal('push'), endpoint: zText, sealedAuthorization: zText.optional() }),
    z.object({ method: z.literal('poll') }),
  ]),
  events: zTexts,
  eventsRequested: zTexts.optional(),
  status: z.enum(['enabled', 'paused', 'disabled']),
  statusReason: zText.optional(),
  description: zText.optional(),
  receiver: zText.optional(),
  removedSubjects: zTexts.optional(),
  configured: z.boolean(),
})

const zApproval: z.ZodType<ApprovalRecord> = zScopeApproval
  .extend({ app: zText, resourceApp: zText, digest: zText })
  .strip()

const zAccessGrant: z.ZodType<AccessGrantRecord> = z.object({
  id: zText,
  connection: zText,
  user: zText,
  app: zText,
  resourceApp: zText,
  scopes: zTexts,
  meanings: z.record(zText, zScopeMeaning.strip()).exactOptional(),
  until: zText.exactOptional(),
  state: z.enum(['active', 'ended', 'revoked']),
  by: zText,
  at: zText,
  reason: zText.exactOptional(),
  request: zText.exactOptional(),
  rule: zText.exactOptional(),
  deciderChange: zDeciderChange.exactOptional(),
  over: z.object({ by: zText, at: zText, reason: zText.exactOptional() }).exactOptional(),
})

/** A review without what is counted from its decisions */
const zStoredReview = zReview
  .omit({ counts: true, reviewers: true, removals: true })
  .extend({ count: z.int(), parts: zTexts })

/** Who closed a review, to continue in their name */
const zCloser = z.object({
  caller: z.looseObject({ id: zText, role: z.enum(ROLES) }),
  reason: zText.optional(),
  ip: zText.optional(),
  userAgent: zText.optional(),
})

const zMute = zRecommendationMute.extend({
  rule: zRecommendation.shape.rule,
  subject: zRecommendation.shape.subject,
  app: zRecommendation.shape.app,
  ended: z.boolean(),
})

const DEFINITIONS = Object.fromEntries(
  COLLECTION_NAMES.map((name) => [name, CONTROLLED[name].stored]),
) as unknown as { readonly [C in Collection]: z.ZodType<DefinitionOf<C>> }

export const STORED = {
  ...DEFINITIONS,
  holds: zHold,
  blocks: zBlock,
  tokens: zToken,
  'event-streams': zStream,
  'access-requests': zAccessRequest,
  'scope-approvals': zApproval,
  'access-grants': zAccessGrant,
  reviews: zStoredReview,
  'review-parts': z.array(zReviewItem),
  'review-decisions': zReviewItem.shape.decision.unwrap(),
  /** The last of each review schedule: when it was planned, and the review unless there was nothing to review */
  'review-openings': z.object({ plannedAt: z.number(), review: zText.exactOptional() }),
  /** Of open reviews that close when they are due */
  'review-deadlines': z.object({ dueAt: zText }),
  'review-closings': zCloser,
  /** Of reviews; not verified yet */
  removals: z.object({ review: zText, connection: zText, decidedAt: z.number() }),
  'recommendation-mutes': zMute,
  'audit-holds': z.object({ by: zText, since: zText, reason: zText }),
  /** Objects of a configuration file at the last start, without secrets and defaults */
  'file-objects': z.record(zText, z.unknown()),
  /** Configuration files whose objects are stored, by base URL */
  'stored-files': z.strictObject({}),
  /** Who applied a document is stored beside it */
  configuration: z.unknown(),
} as const satisfies Readonly<Record<string, z.ZodType>>

export type StoredName = keyof typeof STORED
export type StoredOf<N extends StoredName> = z.output<(typeof STORED)[N]>

export const STORED_NAMES = Object.keys(STORED) as readonly StoredName[]
