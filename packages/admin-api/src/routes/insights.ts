// Additional data for pages of the console: counts of decisions, facts about connections, previews of tokens, and what
// other servers publish about themselves.
import { zConnection, zInteger, zIssuer, zResourceApp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { periodQuery } from '../schemas/timestamps.ts'
import { zTokenPreview } from '../schemas/token-preview.ts'
import { zAbout, zDecision } from './decisions.ts'

/** Maximum number of counted decisions. */
export const MAX_COUNTED = 100_000
/** Maximum number of parts of a period. */
const MAX_BUCKETS = 100
/** Maximum number of connections per request. */
export const MAX_CONNECTIONS = 200
/** Maximum number of apps per request. */
export const MAX_APPS = 200
/** Maximum number of users per request. */
export const MAX_USERS = 200

const zCounts = z.object({
  counted: z.int().describe('Number of counted decisions.'),
  complete: z.boolean().describe(`false: there are more than ${MAX_COUNTED}; the newest were counted.`),
  outcomes: z.record(z.string(), z.int()).describe('Counts by outcome; `narrowed` is part of `allow`.'),
  codes: z
    .array(z.object({ code: z.string(), outcome: z.string(), count: z.int() }))
    .describe('Counts by code, most frequent first.'),
  buckets: z
    .array(
      z.object({
        since: z.string().describe('RFC 3339; start of this part of the period.'),
        outcomes: z.record(z.string(), z.int()).describe('Counts by outcome.'),
      }),
    )
    .optional()
    .describe('If `buckets` was requested: the period in parts of equal length, oldest first.'),
})

const zConnectionFacts = z
  .object({
    id: z.string(),
    people: z
      .int()
      .describe(
        'Active users with access: assigned to it, to the app and to the resource app, or with an access grant.',
      ),
    blocked: z.boolean().describe('Whether a block on it, on its app or on everything denies its requests.'),
    lastUsedAt: z.string().nullable().describe('RFC 3339; of the last allowed exchange over it.'),
    lastDeniedAt: z.string().nullable().describe('RFC 3339; of the last denied attempt over it.'),
  })
  .meta({ id: 'ConnectionFacts' })

const zAppFacts = z
  .object({
    id: z.string(),
    connections: z.int().describe('Number of its connections in any state.'),
    blocked: z.boolean().describe('Whether a block on it or on everything denies its requests.'),
    lastUsedAt: z.string().nullable().describe('RFC 3339; of its last allowed exchange.'),
    lastDeniedAt: z.string().nullable().describe('RFC 3339; of its last denied attempt.'),
  })
  .meta({ id: 'AppFacts' })

const zUserFacts = z
  .object({
    id: z.string(),
    connections: z
      .int()
      .describe(
        'Number of connections in any state that cover them: assigned to it, to the app and to the resource app, or with an access grant. 0 if inactive.',
      ),
    blocked: z.boolean().describe('Whether a block on them or on everything denies every request for them.'),
    lastUsedAt: z
      .string()
      .nullable()
      .optional()
      .describe(
        'RFC 3339; of the last allowed exchange for them. Absent for roles that cover only some apps.',
      ),
    lastDeniedAt: z
      .string()
      .nullable()
      .optional()
      .describe('RFC 3339; of the last denied attempt for them. Absent for roles that cover only some apps.'),
  })
  .meta({ id: 'UserFacts' })

const zPreviewInput = z
  .strictObject({
    connection: zConnection.describe('The current connection, or a draft.'),
    resourceApp: zResourceApp.optional().describe('Draft of the resource app; default: the current one.'),
    user: z.string().min(1).max(256).describe('User, by id or user name.'),
  })
  .meta({ id: 'PreviewInput' })

const zPreview = z
  .object({
    decision: zDecision.describe('What the token endpoint would decide, `mode: "simulated"`.'),
    token: zTokenPreview.nullable().describe('Example of the ID-JAG; null if none would be issued.'),
  })
  .meta({ id: 'Preview' })

const zFact = z.object({
  id: z.string(),
  result: z.enum(['pass', 'warn', 'fail']),
  text: z.string().describe('The finding in a sentence.'),
})

const zDiscovery = z
  .object({
    resource: z.string().nullable().describe('Published resource identifier.'),
    issuer: z.string().nullable().describe('Published authorization server.'),
    scopes: z.array(z.string()),
    facts: z.array(zFact).describe('In the order of the checks.'),
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
    description: 'Default: the last 24 hours.',
    roles: ALLOWED.seeDecisions,
    query: z.strictObject({
      ...periodQuery,
      about: zAbout.optional(),
      buckets: zInteger(1, MAX_BUCKETS)
        .optional()
        .describe('Also count for this number of parts of equal length, such as for a chart.'),
    }),
    replies: { 200: { description: 'The counts.', body: zCounts } },
    problems: [403],
  },
  'connections.facts': {
    method: 'GET',
    path: '/connection-facts',
    summary: 'Read how many users connections have, whether they are blocked, and when they were last used',
    roles: ALLOWED.seeAccess,
    query: z.strictObject({
      ids: z
        .string()
        .min(1)
        .max(MAX_CONNECTIONS * 130)
        .describe(`Ids of connections separated by commas, at most ${MAX_CONNECTIONS}.`),
    }),
    replies: {
      200: {
        description: 'Facts about those that exist.',
        body: z.object({ items: z.array(zConnectionFacts) }),
      },
    },
  },
  'apps.facts': {
    method: 'GET',
    path: '/app-facts',
    tag: 'apps',
    summary: 'Read how many connections apps have, whether they are blocked, and when they were last used',
    roles: ALLOWED.seeAccess,
    query: z.strictObject({
      ids: z
        .string()
        .min(1)
        .max(MAX_APPS * 514)
        .describe(`Ids of apps, one per line (client ids may contain commas), at most ${MAX_APPS}.`),
    }),
    replies: {
      200: { description: 'Facts about those that exist.', body: z.object({ items: z.array(zAppFacts) }) },
    },
  },
  'users.facts': {
    method: 'GET',
    path: '/user-facts',
    tag: 'users',
    summary:
      'Read how many connections users have, whether they are blocked, and when an app last acted for them',
    roles: ALLOWED.seePeople,
    query: z.strictObject({
      ids: z
        .string()
        .min(1)
        .max(MAX_USERS * 257)
        .describe(`Ids of users, one per line, at most ${MAX_USERS}.`),
    }),
    replies: {
      200: { description: 'One for each id.', body: z.object({ items: z.array(zUserFacts) }) },
    },
  },
  'connections.preview': {
    method: 'POST',
    path: '/connection-preview',
    summary: 'Preview the decision and the token for a connection, which need not exist',
    description: 'Uses the evaluator and the token builder of the token endpoint. Signs nothing.',
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
    description: 'Only contacts public addresses, unless this server itself runs on loopback.',
    roles: ALLOWED.changeConnections,
    body: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/ })
          .max(2048)
          .describe('URL of the API or MCP server, or the issuer.'),
        issuer: zIssuer.optional().describe('Its authorization server, if already known.'),
      })
      .meta({ id: 'DiscoverInput' }),
    replies: { 200: { description: 'The findings.', body: zDiscovery } },
  },
})
