// The audit logs: list, export in order, and verify.
import { EVENT_FORMATS, expandEventTypes, OCSF_VERSION } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED } from '../roles.ts'
import { defineRoutes } from '../route.ts'
import { pageQuery, zPage, zReason } from '../schemas/common.ts'
import { periodQuery } from '../schemas/timestamps.ts'

export const NDJSON = 'application/x-ndjson'
export const ZIP = 'application/zip'

export const zRecordedEvent = z
  .looseObject({
    log: z.string().describe('Name of the log.'),
    chain: z
      .string()
      .describe(
        'Hash chain of the log that contains the event: the name of the log, or LOG/NUMBER for further chains.',
      ),
    seq: z.int().describe('Counts from 1 without gaps within its chain.'),
    prevHash: z.string().describe('`hash` of the previous event; empty for the first.'),
    hash: z
      .string()
      .describe(
        'SHA-256, base64url, of prevHash, chain, seq and the SHA-256, base64url, of `text`, with a line feed between each; an export has `text`.',
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

/** Later events in a proof: about 4 MB of hashes */
export const MAX_FOLLOWING = 100_000

/** Events from the first to the last checkpoint of a pack; a ZIP file without extensions has at most 4 GiB */
export const MAX_PACKED = 500_000

const position = z
  .string()
  .regex(/^(?:\d{1,15}|[^,]+:\d{1,15}(?:,[^,]+:\d{1,15})*)$/, 'a number, or CHAIN:NUMBER separated by commas')

export type EventFormat = (typeof EVENT_FORMATS)[number]

/** Types and areas, as the query lists them. */
export function splitEventTypes(text: string): readonly string[] {
  return text.split(',').map((one) => one.trim())
}

const findUnknownType = (text: string) => expandEventTypes(splitEventTypes(text)).unknown

const auditFilter = {
  ...periodQuery,
  log: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('Only this log: `idp`, `admin`, or `as:` followed by an id.'),
  type: z
    .string()
    .min(1)
    .max(1024)
    .refine((text) => findUnknownType(text) === undefined, {
      error: ({ input }) => `${findUnknownType(String(input)) ?? ''} is no event type`,
    })
    .optional()
    .describe('Types of events, separated by commas; `idjag.*` for all of an area.'),
  outcome: z.string().min(1).max(32).optional(),
  code: z.string().min(1).max(32).optional().describe('A decision code, or its first digits.'),
  app: z.string().min(1).max(512).optional().describe('Id of the requesting app.'),
  resourceApp: z.string().min(1).max(256).optional().describe('Id of the resource app.'),
  connection: z.string().min(1).max(256).optional().describe('Id of the connection.'),
  user: z.string().min(1).max(256).optional().describe('User, by id or user name.'),
} as const
/** What events a list, export or pack has. */
const zAuditFilter = z.strictObject(auditFilter)
export type AuditFilter = z.output<typeof zAuditFilter>

const zAuditQuery = z.strictObject({
  ...pageQuery,
  ...auditFilter,
  afterSeq: position
    .optional()
    .describe(
      'Export only: the event of each chain to start after: `idp:120,idp/1:7,as:todo0:44`. With `log`, a number alone refers to its first chain.',
    ),
  format: z
    .enum(EVENT_FORMATS)
    .optional()
    .describe(`Export only: the native format, or OCSF ${OCSF_VERSION}.`),
})

const zVerification = z
  .object({
    ok: z.boolean(),
    events: z.int().describe('Number of valid events in all logs.'),
    foreignCheckpoints: z
      .int()
      .describe(
        'Number of checkpoints that were signed elsewhere, or for another place; anything but 0 is a failure.',
      ),
    logs: z.array(
      z.object({
        log: z.string(),
        chain: z.string().describe('One of the hash chains of the log.'),
        ok: z.boolean(),
        events: z.int(),
        head: z
          .object({ seq: z.int(), hash: z.string() })
          .describe('Store it elsewhere to detect a rewritten log.'),
        begins: z.int().describe('Number of the first event that should exist; older events were removed.'),
        checkpoints: z.int().describe('Number of checkpoints that the chain was compared with.'),
        external: z
          .int()
          .describe(
            'How many of these checkpoints come from outside the database. With 0, removal of recent events together with the head and checkpoints would not be detected.',
          ),
        firstBad: z.object({ seq: z.int(), why: z.string() }).optional(),
      }),
    ),
    firstBad: z.object({ log: z.string(), chain: z.string(), seq: z.int(), why: z.string() }).optional(),
    limitation: z
      .string()
      .optional()
      .describe('What was not proven, if a log could not be compared with anything outside the database.'),
  })
  .meta({ id: 'Verification' })

const zCheckpoint = z
  .object({
    log: z.string(),
    chain: z.string().describe('The hash chain of the log.'),
    seq: z.int().describe('Number of the sealed event.'),
    hash: z.string().describe('Hash of the sealed event.'),
    kind: z.enum(['head', 'cut']).describe('`cut`: all events up to and including this one were removed.'),
    time: z.string().describe('RFC 3339'),
    statement: z.string().describe('The checkpoint as a signed statement: a compact JWS (EdDSA).'),
  })
  .meta({ id: 'Checkpoint' })

const zHash = z.string().max(43)

/** A line of a pack: stands for events that are not in the pack, so that the hash chain can be recomputed. */
export const zHashRun = z.strictObject({
  log: z.string().max(256),
  chain: z.string().max(256),
  seq: z.int().min(1).describe('Number of the first event.'),
  textHashes: z.array(zHash).min(1).max(1000),
})
export type HashRun = z.output<typeof zHashRun>

/** The signed content of a pack. */
export const zPackManifest = z.strictObject({
  server: z.string(),
  by: z.string().describe('Who made the pack.'),
  time: z.string().describe('RFC 3339'),
  filter: z.record(z.string(), z.string()),
  events: z.int(),
  chains: z.array(z.string()).describe('In the order of the events.'),
  files: z.record(z.string(), z.string()).describe('SHA-256, base64url, of each other file.'),
})
export type PackManifest = z.output<typeof zPackManifest>

export const zInclusionProof = z
  .strictObject({
    schema: z.literal('crosswalk.inclusion-proof/v1'),
    log: z.string().max(256),
    chain: z.string().max(256).describe('The hash chain of the log.'),
    seq: z.int().min(1).describe('Number of the event in its chain.'),
    prevHash: zHash.describe('`hash` of the previous event; empty for the first.'),
    text: z.string().max(1_048_576).describe('The event as stored.'),
    following: z
      .array(zHash)
      .max(MAX_FOLLOWING)
      .describe('SHA-256, base64url, of the text of each later event, up to the sealed one.'),
    checkpoint: z.string().max(4096).describe('The signed checkpoint that seals the last of these events.'),
  })
  .meta({ id: 'InclusionProof' })
export type InclusionProof = z.output<typeof zInclusionProof>

const zRetention = z
  .object({
    retentionDays: z.int().nullable().describe('null: nothing is removed.'),
    hold: z
      .object({ by: z.string(), since: z.string().describe('RFC 3339'), reason: z.string() })
      .nullable()
      .describe('A legal hold; nothing is removed while it is active.'),
    logs: z.array(
      z.object({
        log: z.string(),
        chain: z.string().describe('The hash chain of the log.'),
        begins: z.int().describe('Number of the first existing event.'),
        ends: z.int().describe('Number of the last event.'),
        cutAt: z.string().nullable().describe('RFC 3339: when events were last removed.'),
      }),
    ),
  })
  .meta({ id: 'Retention' })

export const auditRoutes = defineRoutes('audit', {
  'audit.list': {
    method: 'GET',
    path: '/audit-events',
    summary: 'List audit events, newest first, or export them in log order',
    description: `Reading is recorded as \`audit.read\` once per hour for each caller and list, and each export as \`audit.exported\`. With \`Accept: ${NDJSON}\` the response has one event per line, chain by chain, oldest first, without paging; \`afterSeq\` resumes it. Lines have the same members as items of a page, or with \`format=ocsf\` those of OCSF events.`,
    roles: ALLOWED.seeAudit,
    query: zAuditQuery,
    replies: { 200: { description: 'A page.', body: zPage(zRecordedEvent) } },
  },
  'audit.verify': {
    method: 'GET',
    path: '/audit-events/verify',
    summary: 'Recompute every hash chain of every log',
    description:
      'Detects changed bytes, removed or added events, and missing recent events; with sealed checkpoints also rewritten heads. Anyone who can write to the database can remove these checkpoints too: only checkpoints stored elsewhere prove that no recent events were removed. Only one verification runs at a time; callers in the meantime get its result.',
    roles: ALLOWED.seeAudit,
    replies: { 200: { description: 'The result.', body: zVerification } },
    problems: [503],
  },
  'audit.verify-with': {
    method: 'POST',
    path: '/audit-events/verify',
    summary: 'Recompute every hash chain of every log, also against checkpoints stored elsewhere',
    roles: ALLOWED.seeAudit,
    body: z
      .strictObject({ checkpoints: z.array(z.string().min(1).max(4096)).max(10_000) })
      .meta({ id: 'KeptCheckpoints' }),
    replies: { 200: { description: 'The result.', body: zVerification } },
    problems: [503],
  },
  'audit.prove': {
    method: 'GET',
    path: '/audit-events/proof',
    summary: 'Prove that an event is in its log, to someone who may not read the log',
    description:
      'The proof has the event, the hashes of the events after it, and the next checkpoint: nothing else of the log. It is verified with the public key of the checkpoints alone. Recorded as `audit.proven`.',
    roles: ALLOWED.seeAudit,
    query: z.strictObject({
      event: z
        .string()
        .min(1)
        .max(300)
        .describe('The event as CHAIN#NUMBER, such as `idp#120`, or the id of a decision.'),
    }),
    replies: { 200: { description: 'The proof.', body: zInclusionProof } },
    problems: [404, 409, 422, 503],
  },
  'audit.pack': {
    method: 'GET',
    path: '/audit-events/pack',
    summary: 'Download events with everything that is needed to verify them offline',
    description: `A ZIP file of the matching events, the hashes of the events between them, the checkpoints that seal them, their public key, a signed manifest and a summary page. Other events are not disclosed. Recorded as \`audit.packed\`. The period has at most ${MAX_PACKED} events, in all chains together. At most 4 packs and exports run at a time, 2 for each caller; others get 503.`,
    roles: ALLOWED.seeAudit,
    query: zAuditFilter,
    replies: {
      200: { description: 'The pack.', body: z.string().meta({ format: 'binary' }), contentType: ZIP },
    },
    problems: [404, 422, 503],
  },
  'audit-checkpoints.list': {
    method: 'GET',
    path: '/audit-checkpoints',
    summary: 'List sealed heads of the logs, to store elsewhere',
    description: 'Seals the head of each chain first if it has changed.',
    roles: ALLOWED.seeAudit,
    query: z.strictObject({
      log: z.string().min(1).max(256).optional(),
      latest: z.enum(['true', 'false']).optional().describe('`true`: only the last one of each chain.'),
    }),
    replies: {
      200: {
        description: 'Oldest first, chain by chain.',
        body: z.object({
          items: z.array(zCheckpoint),
          publicKey: z
            .record(z.string(), z.unknown())
            .describe('JWK to verify the statements with, even without this server.'),
        }),
      },
    },
  },
  'audit-retention.read': {
    method: 'GET',
    path: '/audit-retention',
    summary: 'Read how long events are retained, the legal hold, and the first event of each log',
    roles: ALLOWED.seeAudit,
    conditional: 'read',
    replies: { 200: { description: 'The current retention.', body: zRetention } },
  },
  'audit-retention.hold': {
    method: 'POST',
    path: '/audit-retention/hold',
    summary: 'Start a legal hold: no events are removed from any log',
    roles: ALLOWED.changeRules,
    body: z.strictObject({ reason: zReason }).meta({ id: 'LegalHold' }),
    replies: { 200: { description: 'The retention, with the hold.', body: zRetention } },
  },
  'audit-retention.release': {
    method: 'POST',
    path: '/audit-retention/release',
    summary: 'End the legal hold: events older than the retention period are removed again',
    roles: ['owner'],
    body: z.strictObject({ reason: zReason }).meta({ id: 'LegalHoldRelease' }),
    replies: { 200: { description: 'The retention, without a hold.', body: zRetention } },
  },
})
