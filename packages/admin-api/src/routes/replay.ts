// Replay of recorded decisions with a draft: what would change for real traffic.
import { zInteger, zTimestamp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { MAX_DOCUMENT_BYTES, zConfigurationDocument } from './configuration.ts'

/** Newest first; larger periods are sampled. */
export const MAX_REPLAYED = 100_000
export const DEFAULT_REPLAYED = 10_000

/** Maximum number of example decisions of each kind of difference. */
export const MAX_EXAMPLES = 10_000
const DEFAULT_EXAMPLES = 20

/** The same for each of many report-only policies. */
const MAX_POLICY_EXAMPLES = 100
const DEFAULT_POLICY_EXAMPLES = 5

/** Most disruptive first. */
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

const zSample = z
  .object({
    complete: z.boolean().describe('Whether every decision of the period was replayed.'),
    since: z.string().nullable().describe('Time of the oldest replayed decision; null: none.'),
    until: z.string().nullable().describe('Time of the newest replayed decision.'),
  })
  .describe('The replayed decisions: all of the period, or its newest.')

const differences = {
  decisions: z.int(),
  unchanged: z.int(),
  groups: z.array(
    z.object({
      kind: z.enum(REPLAY_KIND_NAMES),
      decisions: z.int(),
      people: z.int().describe('Number of different users.'),
      apps: z.int().describe('Number of different apps.'),
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
    .describe('Number of decisions that the current definitions already change, regardless of the draft.'),
  indeterminate: z
    .object({
      decisions: z.int(),
      missing: zCounts.describe('Facts missing in the records, and how often.'),
    })
    .describe('Decisions that cannot be determined.'),
  skipped: z
    .object({ decisions: z.int(), why: zCounts })
    .describe('Decisions that no definition could change.'),
}

const zReplayReport = z
  .object({ schema: z.literal('crosswalk.replay/v1'), sample: zSample, ...differences })
  .meta({ id: 'ReplayReport' })
export type ReplayReportBody = z.output<typeof zReplayReport>

const zReportOnlyReport = z
  .object({
    schema: z.literal('crosswalk.report-only/v1'),
    sample: zSample,
    policies: z.array(
      z.object({ policy: z.string().describe('ID of a report-only policy.'), ...differences }),
    ),
  })
  .meta({ id: 'ReportOnlyReport' })

const period = {
  since: zTimestamp.optional().describe('Start of the period, inclusive. RFC 3339.'),
  until: zTimestamp.optional().describe('End of the period, exclusive. RFC 3339.'),
  limit: zInteger(1, MAX_REPLAYED)
    .default(DEFAULT_REPLAYED)
    .describe('Maximum number of decisions, newest first.'),
}

export const replayRoutes = defineRoutes('decisions', {
  replay: {
    method: 'POST',
    path: '/replay',
    summary:
      'Evaluate recorded exchanges with the current definitions and with a draft, and compare the results',
    description:
      'The draft is a document as in `/configuration/plan`, but may also change what the file owns. Time, sign-in, address and request are as recorded; users, suspensions and blocks are the current ones. Changes nothing.',
    roles: ALLOWED.seeRules,
    body: z
      .strictObject({
        document: zConfigurationDocument,
        prune: z.boolean().default(false).describe('As in `/configuration/plan`.'),
        ...period,
        examples: zInteger(1, MAX_EXAMPLES)
          .default(DEFAULT_EXAMPLES)
          .describe('Maximum number of example decisions of each kind.'),
      })
      .meta({ id: 'Replay' }),
    bodyBytes: MAX_DOCUMENT_BYTES,
    replies: { 200: { description: 'The differences.', body: zReplayReport } },
    problems: [409, 422, 503],
  },
  'replay.report-only': {
    method: 'POST',
    path: '/replay/report-only',
    summary: 'Evaluate recorded exchanges with each report-only policy enforced',
    description:
      'One pass over the decisions for all report-only policies: for each, the same differences as `/replay` with a draft that enforces it. Changes nothing.',
    roles: ALLOWED.seeRules,
    body: z
      .strictObject({
        ...period,
        examples: zInteger(1, MAX_POLICY_EXAMPLES)
          .default(DEFAULT_POLICY_EXAMPLES)
          .describe('Maximum number of example decisions of each policy and kind.'),
      })
      .meta({ id: 'ReportOnlyReplay' }),
    replies: { 200: { description: 'The differences, by policy.', body: zReportOnlyReport } },
    problems: [409, 422, 503],
  },
})
