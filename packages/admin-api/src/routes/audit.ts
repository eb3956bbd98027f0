// The audit logs: listed, exported in order, and verified.
import { EVENT_FORMATS, OCSF_VERSION } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage, zReason } from '../schemas/common.ts'
import { periodQuery } from '../schemas/moments.ts'

export const NDJSON = 'application/x-ndjson'

export const zRecordedEvent = z
  .looseObject({
    log: z.string().describe('The log it belongs to.'),
    chain: z
      .string()
      .describe(
        'The hash chain of the log that it is in: the name of the log, or LOG/NUMBER for further ones.',
      ),
    seq: z.int().describe('Counts from 1 without gaps within its chain.'),
    prevHash: z.string().describe('`hash` of the event before; empty for the first.'),
    hash: z
      .string()
      .describe(
        'SHA-256, base64url, of prevHash, chain, seq and the event, a line each; the event is everything after `hash`, as one JSON object.',
      ),
    schema: z.literal('xaa.event/v1'),
    id: z.string(),
    time: z.string().describe('RFC 3339'),
    type: z.string(),
    category: z.string(),
    severity: z.string(),
    outcome: z.string(),
  })
  .meta({ id: 'AuditEvent' })

const position = z
  .string()
  .regex(/^(?:\d{1,15}|[^,]+:\d{1,15}(?:,[^,]+:\d{1,15})*)$/, 'a number, or CHAIN:NUMBER with commas between')

export type EventFormat = (typeof EVENT_FORMATS)[number]

export const zAuditQuery = z.strictObject({
  ...pageQuery,
  ...periodQuery,
  log: z.string().min(1).max(256).optional().describe('One log only: `idp`, `admin`, or `as:` and an id.'),
  type: z.string().min(1).max(1024).optional().describe('Types of events, with commas between.'),
  outcome: z.string().min(1).max(32).optional(),
  code: z.string().min(1).max(32).optional().describe('A decision code.'),
  app: z.string().min(1).max(512).optional().describe('Id of the requesting app.'),
  resourceApp: z.string().min(1).max(256).optional().describe('Id of the resource app.'),
  connection: z.string().min(1).max(256).optional().describe('Id of the connection.'),
  user: z.string().min(1).max(256).optional().describe('User, by id or user name.'),
  afterSeq: position
    .optional()
    .describe(
      'Export only: behind which event of each chain to begin: `idp:120,idp/1:7,as:todo0:44`. A number alone, with `log`, is of its first chain.',
    ),
  format: z
    .enum(EVENT_FORMATS)
    .optional()
    .describe(`Export only: the events as they are, or as OCSF ${OCSF_VERSION} tells them.`),
})

export const zVerification = z
  .object({
    ok: z.boolean(),
    events: z.int().describe('Events found good, over all logs.'),
    foreignCheckpoints: z
      .int()
      .describe(
        'Checkpoints that were not signed here, or not for the place they are in; anything but 0 is bad.',
      ),
    logs: z.array(
      z.object({
        log: z.string(),
        chain: z.string().describe('One of the hash chains of the log.'),
        ok: z.boolean(),
        events: z.int(),
        head: z
          .object({ seq: z.int(), hash: z.string() })
          .describe('Keep it elsewhere to notice a rewritten log.'),
        begins: z.int().describe('Number of the first event that should be there; older ones were removed.'),
        checkpoints: z.int().describe('Sealed heads it was compared with.'),
        external: z
          .int()
          .describe(
            'Checkpoints from outside the database among them. 0: a cut of the log together with its head and checkpoints would not be noticed.',
          ),
        firstBad: z.object({ seq: z.int(), why: z.string() }).optional(),
      }),
    ),
    firstBad: z.object({ log: z.string(), chain: z.string(), seq: z.int(), why: z.string() }).optional(),
    limitation: z
      .string()
      .optional()
      .describe('What was not proven, where some log was compared with nothing from outside the database.'),
  })
  .meta({ id: 'Verification' })

export const zCheckpoint = z
  .object({
    log: z.string(),
    chain: z.string().describe('The hash chain of the log.'),
    seq: z.int().describe('Number of the event sealed.'),
    hash: z.string().describe('Its hash.'),
    kind: z.enum(['head', 'cut']).describe('`cut`: everything up to here, itself included, was removed.'),
    time: z.string().describe('RFC 3339'),
    statement: z.string().describe('The same, signed: a compact JWS (EdDSA).'),
  })
  .meta({ id: 'Checkpoint' })

export const zRetention = z
  .object({
    retentionDays: z.int().nullable().describe('null: nothing is removed.'),
    hold: z
      .object({ by: z.string(), since: z.string().describe('RFC 3339'), reason: z.string() })
      .nullable()
      .describe('A legal hold; while it is on, nothing is removed.'),
    logs: z.array(
      z.object({
        log: z.string(),
        chain: z.string().describe('The hash chain of the log.'),
        begins: z.int().describe('Number of the first event there is.'),
        ends: z.int().describe('Number of the last event there is.'),
        cutAt: z.string().nullable().describe('RFC 3339: when events before it were removed last.'),
      }),
    ),
  })
  .meta({ id: 'Retention' })

export const auditRoutes = defineRoutes('audit', {
  'audit.list': {
    method: 'GET',
    path: '/audit-events',
    summary: 'List audit events, newest first, or export them in the order of their logs',
    description: `Reading is recorded as \`audit.read\`, once an hour for each caller and list; an export as \`audit.exported\`, each time. With \`Accept: ${NDJSON}\` the answer is one event a line, chain after chain, oldest first, without end of page; \`afterSeq\` resumes it. The lines have the members of the items of a page, or with \`format=ocsf\` those of an OCSF event.`,
    roles: ALLOWED.seeAudit,
    query: zAuditQuery,
    replies: { 200: { description: 'A page.', body: zPage(zRecordedEvent) } },
  },
  'audit.verify': {
    method: 'GET',
    path: '/audit-events/verify',
    summary: 'Recompute every hash chain of every log',
    description:
      'Finds a changed byte, a dropped or added event, and a cut tail; by sealed checkpoints also where heads were rewritten too. Anyone who can write to the database can remove these checkpoints as well: only checkpoints kept outside prove that nothing was cut off. One verification runs at a time; callers meanwhile get the answer of the one that is running.',
    roles: ALLOWED.seeAudit,
    replies: { 200: { description: 'What was found.', body: zVerification } },
    problems: [503],
  },
  'audit.verify-with': {
    method: 'POST',
    path: '/audit-events/verify',
    summary: 'Recompute every hash chain of every log, against checkpoints that were kept elsewhere too',
    roles: ALLOWED.seeAudit,
    body: z
      .strictObject({ checkpoints: z.array(z.string().min(1).max(4096)).max(10_000) })
      .meta({ id: 'KeptCheckpoints' }),
    replies: { 200: { description: 'What was found.', body: zVerification } },
    problems: [503],
  },
  'audit-checkpoints.list': {
    method: 'GET',
    path: '/audit-checkpoints',
    summary: 'Sealed heads of the logs, to keep elsewhere',
    description: 'The head of each chain is sealed before the answer where it has moved.',
    roles: ALLOWED.seeAudit,
    query: z.strictObject({
      log: z.string().min(1).max(256).optional(),
      latest: z.enum(['true', 'false']).optional().describe('`true`: the last one of each chain only.'),
    }),
    replies: {
      200: {
        description: 'Oldest first, chain after chain.',
        body: z.object({
          items: z.array(zCheckpoint),
          publicKey: z
            .record(z.string(), z.unknown())
            .describe('JWK that verifies the statements, also without this server.'),
        }),
      },
    },
  },
  'audit-retention.read': {
    method: 'GET',
    path: '/audit-retention',
    summary: 'How long events are kept, whether a legal hold is on, and where each log begins',
    roles: ALLOWED.seeAudit,
    conditional: 'read',
    replies: { 200: { description: 'As it is.', body: zRetention } },
  },
  'audit-retention.hold': {
    method: 'POST',
    path: '/audit-retention/hold',
    summary: 'Legal hold: from now on nothing is removed from any log',
    roles: ALLOWED.changeRules,
    body: z.strictObject({ reason: zReason }).meta({ id: 'LegalHold' }),
    replies: { 200: { description: 'It is on.', body: zRetention } },
  },
  'audit-retention.release': {
    method: 'POST',
    path: '/audit-retention/release',
    summary: 'End the legal hold: what is older than it is to be kept is removed again',
    roles: ['owner'],
    body: z.strictObject({ reason: zReason }).meta({ id: 'LegalHoldRelease' }),
    replies: { 200: { description: 'It is off.', body: zRetention } },
  },
})
