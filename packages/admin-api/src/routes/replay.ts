// Recorded decisions under a draft: what would have been different for real traffic.
import { zInteger, zMoment } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { MAX_DOCUMENT_BYTES, zConfigurationDocument } from './configuration.ts'

/** Newest first; more are a sample of the same. */
export const MAX_REPLAYED = 100_000
export const DEFAULT_REPLAYED = 10_000

/** Decisions told one by one, of each kind of difference. */
export const MAX_EXAMPLES = 10_000
const DEFAULT_EXAMPLES = 20

/** In the order of what hurts most. */
export const REPLAY_KIND_NAMES = [
  'newly_denied',
  'newly_allowed',
  'step_up_added',
  'step_up_removed',
  'step_up_changed',
  'narrowed',
  'widened',
  'lifetime',
  'terms',
  'reason',
] as const

const zCounts = z.record(z.string(), z.int())

export const zReplayReport = z
  .object({
    schema: z.literal('crosswalk.replay/v1'),
    sample: z
      .object({
        complete: z.boolean().describe('Whether every decision of the period was replayed.'),
        since: z.string().nullable().describe('Of the oldest one replayed; null: there was none.'),
        until: z.string().nullable().describe('Of the newest one replayed.'),
      })
      .describe('Which decisions: all of the period, or its newest.'),
    decisions: z.int(),
    unchanged: z.int(),
    groups: z.array(
      z.object({
        kind: z.enum(REPLAY_KIND_NAMES),
        decisions: z.int(),
        people: z.int().describe('Different users.'),
        apps: z.int().describe('Different apps.'),
        examples: z.array(
          z.object({
            decisionId: z.string(),
            time: z.string(),
            app: z.string(),
            user: z.string(),
            target: z.string(),
            from: z.string(),
            to: z.string(),
            summary: z.string(),
          }),
        ),
      }),
    ),
    changedSince: z
      .int()
      .describe('Decided otherwise by what is in force now than was recorded, draft or not.'),
    indeterminate: z
      .object({
        decisions: z.int(),
        missing: zCounts.describe('Facts that the records lack, and how often.'),
      })
      .describe('What cannot be known, and is not guessed.'),
    skipped: z.object({ decisions: z.int(), why: zCounts }).describe('What no definition could change.'),
  })
  .meta({ id: 'ReplayReport' })
export type ReplayReportBody = z.output<typeof zReplayReport>

export const replayRoutes = defineRoutes('decisions', {
  replay: {
    method: 'POST',
    path: '/replay',
    summary: 'Judge recorded exchanges by what is in force and by a draft, and tell the differences',
    description:
      'The draft is a document as for `/configuration/plan`; here also what the file owns may differ. Time, sign-in, address and request are those recorded; users, holds and blocks are as they are now. Changes nothing.',
    roles: ALLOWED.seeRules,
    body: z
      .strictObject({
        document: zConfigurationDocument,
        prune: z.boolean().default(false).describe('As for `/configuration/plan`.'),
        since: zMoment.optional().describe('Earliest moment, included. RFC 3339.'),
        until: zMoment.optional().describe('First moment after, not included. RFC 3339.'),
        limit: zInteger(1, MAX_REPLAYED)
          .default(DEFAULT_REPLAYED)
          .describe('How many decisions at most, the newest.'),
        examples: zInteger(1, MAX_EXAMPLES)
          .default(DEFAULT_EXAMPLES)
          .describe('How many decisions of each kind are told one by one.'),
      })
      .meta({ id: 'Replay' }),
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'What would be different.', body: zReplayReport } },
    problems: [409, 422, 503],
  },
})
