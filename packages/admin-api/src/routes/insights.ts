// What pages of an administrator show beside the objects themselves: sums of decisions, facts about connections, a
// token as it would be, and what the other side publishes about itself.
import { zConnection, zInteger, zIssuer, zResourceApp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { periodQuery } from '../schemas/moments.ts'
import { zTokenPreview } from '../schemas/token-preview.ts'
import { zAbout, zDecision } from './decisions.ts'

/** So many decisions are counted at most. */
export const MAX_COUNTED = 100_000
/** A period is cut into at most so many parts. */
export const MAX_BUCKETS = 100
/** So many connections are answered about at once. */
export const MAX_CONNECTIONS = 200
/** So many apps are answered about at once. */
export const MAX_APPS = 200

const zCounts = z.object({
  counted: z.int().describe('Decisions that were counted.'),
  complete: z.boolean().describe(`false: there are more than ${MAX_COUNTED}; the newest were counted.`),
  outcomes: z.record(z.string(), z.int()).describe('How many by outcome; `narrowed` is part of `allow`.'),
  codes: z
    .array(z.object({ code: z.string(), outcome: z.string(), count: z.int() }))
    .describe('How many by code, the most frequent first.'),
  buckets: z
    .array(
      z.object({
        since: z.string().describe('RFC 3339; start of this part of the period.'),
        outcomes: z.record(z.string(), z.int()).describe('How many by outcome.'),
      }),
    )
    .optional()
    .describe('Where `buckets` was asked for: the period in parts of equal length, oldest first.'),
})
export type DecisionCounts = z.output<typeof zCounts>

const zConnectionFacts = z
  .object({
    id: z.string(),
    people: z
      .int()
      .describe(
        'Active users it is for: assigned to it, to the app and to the resource app, or with an access grant.',
      ),
    lastUsedAt: z.string().nullable().describe('RFC 3339; of the last exchange over it that was allowed.'),
    lastDeniedAt: z.string().nullable().describe('RFC 3339; of the last attempt over it that was denied.'),
  })
  .meta({ id: 'ConnectionFacts' })
export type ConnectionFacts = z.output<typeof zConnectionFacts>

const zAppFacts = z
  .object({
    id: z.string(),
    connections: z.int().describe('Connections of it, whatever their state.'),
    lastUsedAt: z.string().nullable().describe('RFC 3339; of its last exchange that was allowed.'),
    lastDeniedAt: z.string().nullable().describe('RFC 3339; of its last attempt that was denied.'),
  })
  .meta({ id: 'AppFacts' })
export type AppFacts = z.output<typeof zAppFacts>

const zPreviewInput = z
  .strictObject({
    connection: zConnection.describe('As it is, or as it would be.'),
    resourceApp: zResourceApp.optional().describe('As it would be; as it is unless given.'),
    user: z.string().min(1).max(256).describe('User, by id or user name.'),
  })
  .meta({ id: 'PreviewInput' })

const zPreview = z
  .object({
    decision: zDecision.describe('What the token endpoint would decide, `mode: "simulated"`.'),
    token: zTokenPreview.nullable().describe('The ID-JAG, as an example; null where none would be issued.'),
  })
  .meta({ id: 'Preview' })

const zFact = z.object({
  id: z.string(),
  result: z.enum(['pass', 'warn', 'fail']),
  text: z.string().describe('What was found, in words.'),
})

const zDiscovery = z
  .object({
    resource: z.string().nullable().describe('The resource identifier it states.'),
    issuer: z.string().nullable().describe('Its authorization server.'),
    scopes: z.array(z.string()),
    facts: z.array(zFact).describe('In the order in which they were looked at.'),
    documents: z.array(
      z.object({
        url: z.string(),
        problem: z.string().optional(),
        document: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  })
  .meta({ id: 'Discovery' })
export type Discovery = z.output<typeof zDiscovery>

export const insightRoutes = defineRoutes('connections', {
  'decisions.summary': {
    method: 'GET',
    path: '/decision-summary',
    tag: 'decisions',
    summary: 'Count decisions of a period by outcome and code',
    description: 'Unless `since` is given, of the last 24 hours.',
    roles: ALLOWED.seeDecisions,
    query: z.strictObject({
      ...periodQuery,
      about: zAbout.optional(),
      buckets: zInteger(1, MAX_BUCKETS)
        .optional()
        .describe('Also count in so many parts of equal length, as for a chart.'),
    }),
    replies: { 200: { description: 'The counts.', body: zCounts } },
    problems: [403],
  },
  'connections.facts': {
    method: 'GET',
    path: '/connection-facts',
    summary: 'Say how many users connections are for, and when they were used',
    roles: ALLOWED.seeAccess,
    query: z.strictObject({
      ids: z
        .string()
        .min(1)
        .max(MAX_CONNECTIONS * 130)
        .describe(`Ids of connections with commas between, at most ${MAX_CONNECTIONS}.`),
    }),
    replies: {
      200: { description: 'Of those that are there.', body: z.object({ items: z.array(zConnectionFacts) }) },
    },
  },
  'apps.facts': {
    method: 'GET',
    path: '/app-facts',
    tag: 'apps',
    summary: 'Say how many connections apps have, and when they were used',
    roles: ALLOWED.seeAccess,
    query: z.strictObject({
      ids: z
        .string()
        .min(1)
        .max(MAX_APPS * 514)
        .describe(`Ids of apps, one a line (a client id may have commas), at most ${MAX_APPS}.`),
    }),
    replies: {
      200: { description: 'Of those that are there.', body: z.object({ items: z.array(zAppFacts) }) },
    },
  },
  'connections.preview': {
    method: 'POST',
    path: '/connection-preview',
    summary:
      'Show what would be decided, and the token that would be issued, over a connection that need not exist',
    description:
      'Decides with the evaluator and builds with the builder of the token endpoint. Signs nothing.',
    roles: ALLOWED.seeClaims,
    body: zPreviewInput,
    replies: { 200: { description: 'The preview.', body: zPreview } },
    problems: [403, 409],
  },
  discover: {
    method: 'POST',
    path: '/discover',
    tag: 'resource-apps',
    summary: 'Read what an API, MCP server or authorization server publishes about itself',
    description: 'Asks public addresses only, except where this server runs on loopback itself.',
    roles: ALLOWED.changeConnections,
    body: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/ })
          .max(2048)
          .describe('Of the API or MCP server, or the issuer.'),
        issuer: zIssuer.optional().describe('Its authorization server, where that is known already.'),
      })
      .meta({ id: 'DiscoverInput' }),
    replies: { 200: { description: 'What was found.', body: zDiscovery } },
  },
})
