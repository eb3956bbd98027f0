// Restore drills: proof that a backup can be restored.
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'

/** Each process that ever wrote a log has a chain */
const MAX_CHAINS = 10_000

const zRestoreDrillInput = z
  .strictObject({
    chains: z
      .array(
        z.strictObject({
          chain: z.string().min(1).max(256).describe('A hash chain of the copy.'),
          seq: z.int().min(1).describe('Number of its last event.'),
          hash: z.string().min(1).max(43).describe('Hash of its last event.'),
        }),
      )
      .min(1)
      .max(MAX_CHAINS),
  })
  .meta({ id: 'RestoreDrillInput' })

const zRestoreDrill = z
  .object({
    drilledAt: z.string().describe('RFC 3339'),
    newestAt: z.string().describe('RFC 3339: the newest event of the copy that is still here.'),
    laterEvents: z.int().describe('Number of events since: a restore now would lose them.'),
  })
  .meta({ id: 'RestoreDrill' })

export const restoreDrillRoutes = defineRoutes('restore-drills', {
  'restore-drills.record': {
    method: 'POST',
    path: '/restore-drills',
    summary: 'Record that a backup of this server was restored and verified',
    description:
      'For `crosswalk restore-drill`, which restores and verifies it. Every chain of the copy must end with an event of this server, or with one that retention has removed; otherwise the response is 409. Recorded as `restore.drilled`.',
    roles: ALLOWED.changeRules,
    body: zRestoreDrillInput,
    replies: { 200: { description: 'The drill.', body: zRestoreDrill } },
    problems: [409],
  },
})
