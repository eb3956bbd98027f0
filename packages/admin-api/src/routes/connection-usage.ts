// How connections are used, from the events: which are unused, and which end soon.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { mineQuery, pageQuery, zPage } from '../schemas/common.ts'

const zDays = z.coerce.number().int().min(0).max(36_500)

export const zConnectionUsage = z
  .object({
    connection: z.string(),
    app: z.string(),
    resourceApp: z.string(),
    scopes: z.array(z.string()),
    status: z.string(),
    expiresAt: z.string().nullable().describe('RFC 3339'),
    lastUsedAt: z.string().nullable().describe('RFC 3339; null: no use is in the log.'),
    uses: z.int().describe('ID-JAGs in the last `countDays` days.'),
    people: z.int().describe('How many different users these were for.'),
  })
  .meta({ id: 'ConnectionUsage' })
export type ConnectionUsage = z.output<typeof zConnectionUsage>

export const connectionUsageRoutes = defineRoutes('connections', {
  'connection-usage.list': {
    method: 'GET',
    path: '/connection-usage',
    summary: 'List connections by how they are used: those that end soon, and unused ones',
    description:
      'Of several filters every one must hold. Uses are known as far back as events are kept (`/audit-retention`).',
    roles: ALLOWED.seeAccess,
    query: z.strictObject({
      ...pageQuery,
      expiringWithinDays: zDays.optional().describe('Only those that end within this many days.'),
      unusedForDays: zDays.optional().describe('Only those neither used nor changed for this many days.'),
      mine: mineQuery.describe(
        'true: only those the caller looks after: they answer for the app, their role is about it, or they defined the connection last.',
      ),
      countDays: zDays.default(90).describe('Over how many days uses are counted.'),
    }),
    replies: { 200: { description: 'A page, by id.', body: zPage(zConnectionUsage) } },
  },
})
