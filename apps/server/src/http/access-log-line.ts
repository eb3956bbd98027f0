// The schema of an access log line, with exactly these members. Members may be added, but their meanings never change.
import { GRANT_NAMES } from '@crosswalk/as-core'
import { z } from 'zod'

export const zAccessLogLine = z
  .strictObject({
    level: z.literal(30).describe('Always 30, which pino calls info'),
    time: z.iso.datetime(),
    schema: z.literal('crosswalk.access/v1'),
    role: z
      .string()
      .describe(
        '`idp`, `as:` and the id of an authorization server, `admin`, `scim`, or `none` if no role serves the path',
      ),
    method: z.string().max(32),
    path: z
      .string()
      .regex(/^\/[\w./:-]*$/)
      .describe('Without query; parts that name an object are `:id`'),
    status: z.int().min(100).max(599),
    durationMs: z.number().nonnegative(),
    ip: z.string().optional().describe('Address of the client, behind the trusted proxies'),
    trace: z.string().optional().describe('W3C trace id, or one of ours: `trc_…`'),
    decision: z
      .string()
      .regex(/^dec_[\w-]+$/)
      .optional(),
    grant: z.enum(GRANT_NAMES).optional(),
    outcome: z.enum(['allow', 'deny', 'step_up', 'pending', 'error']).optional(),
    code: z
      .string()
      .regex(/^XAA\d{4}$/)
      .optional(),
    client: z.string().optional().describe('client_id of the requesting app'),
    user: z
      .string()
      .regex(/^[\w-]{16}$/)
      .optional()
      .describe('Keyed hash: the same user has the same value in one installation'),
  })
  .meta({ title: 'A line of the access log' })

export type AccessLogLine = z.infer<typeof zAccessLogLine>
