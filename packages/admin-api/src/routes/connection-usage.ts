// Use of connections, from the events: unused connections, and connections that expire soon.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { mineQuery, pageQuery, zPage } from '../schemas/common.ts'

const zDays = z.coerce.number().int().min(0).max(36_500)

const zConnectionUsage = z
  .object({
    connection: z.string(),
    app: z.string(),
    resourceApp: z.string(),
    scopes: z.array(z.string()),
    status: z.string(),
    expiresAt: z.string().nullable().describe('RFC 3339'),
    lastUsedAt: z.string().nullable().describe('RFC 3339; null: no use in the log.'),
    uses: z.int().describe('Number of ID-JAGs in the last `countDays` days.'),
    people: z.int().describe('Number of different users they were issued for.'),
  })
  .meta({ id: 'ConnectionUsage' })
export type ConnectionUsage = z.output<typeof zConnectionUsage>

export const connectionUsageRoutes = defineRoutes('connections', {
  'connection-usage.list': {
    method: 'GET',
    path: '/connection-usage',
    summary: 'List the use of connections, such as unused ones and those that expire soon',
    description:
      'All filters must match. Uses are known as far back as events are retained (`/audit-retention`).',
    roles: ALLOWED.seeAccess,
    query: z.strictObject({
      ...pageQuery,
      expiringWithinDays: zDays.optional().describe('Only connections that expire within this many days.'),
      unusedForDays: zDays
        .optional()
        .describe('Only connections neither used nor changed for this many days.'),
      mine: mineQuery.describe(
        'true: only connections that the caller is responsible for: they own the app, their role covers it, or they last defined the connection.',
      ),
      countDays: zDays.default(90).describe('Number of days to count uses for.'),
    }),
    replies: { 200: { description: 'A page, by id.', body: zPage(zConnectionUsage) } },
  },
})
