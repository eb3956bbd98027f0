// Audit log settings in the configuration file: where events go, how chain heads are sealed, and how long events are
// kept.
import { z } from 'zod'

import { expandEventTypes } from '../records/audit-event-types.ts'
import { zId, zInteger, zServerUrl } from './scalars.ts'

/** An event type, or all types of an area: `idjag.denied`, `idjag.*`. */
const zEventTypes = z
  .array(
    z
      .string()
      .regex(/^[a-z_]+\.(?:[a-z_]+|\*)$/, 'an event type such as idjag.denied, or an area such as idjag.*')
      .refine(
        (type) => expandEventTypes([type]).unknown === undefined,
        'an event type that exists, such as idjag.denied',
      ),
  )
  .min(1)

const shared = {
  id: zId.describe('Identifies the stream; its delivery progress is stored under this id.'),
  types: zEventTypes.optional().describe('Event types to send, `AREA.*` for all of an area. Default: all.'),
}

export const EVENT_FORMATS = ['ndjson', 'ocsf'] as const
/** Formats that also suit receivers of plain lines. */
export const LINE_FORMATS = [...EVENT_FORMATS, 'cef'] as const
export type LineFormat = (typeof LINE_FORMATS)[number]

const lineFormat = z
  .enum(LINE_FORMATS)
  .default('ndjson')
  .describe('Events unchanged, in OCSF, or in the Common Event Format (CEF).')

/** By lower-case name. Headers that describe the batch itself cannot be set. */
const zStreamHeaders = z.record(
  z
    .string()
    .regex(
      /^(?!(?:content-type|content-length|transfer-encoding|connection|host|crosswalk-.*)$)[a-z0-9-]{1,64}$/,
      'the name of a header in lower case, not one that describes the batch',
    ),
  z.string().regex(/^[\x21-\x7e]([\x20-\x7e]{0,4094}[\x21-\x7e])?$/, 'visible ASCII'),
)

export const zAuditStream = z.discriminatedUnion('type', [
  z.strictObject({
    ...shared,
    type: z.literal('file'),
    format: lineFormat,
    path: z.string().min(1).describe('File to append lines to. Log rotation may move it at any time.'),
  }),
  z.strictObject({
    ...shared,
    type: z.literal('syslog'),
    format: lineFormat,
    host: z.string().min(1).describe('Name or address of the receiver.'),
    port: zInteger(1, 65_535).default(514).describe('Port of the receiver.'),
    protocol: z
      .enum(['tcp', 'tls', 'udp'])
      .default('tcp')
      .describe(
        'RFC 5424 over TCP with octet counting (RFC 6587), the same over TLS (RFC 5425), or one datagram per event (RFC 5426).',
      ),
    certificates: z
      .string()
      .includes('-----BEGIN CERTIFICATE-----', { error: 'certificates as PEM' })
      .optional()
      .describe(
        'For `tls`: trusted certificate authorities in PEM, ideally from a variable with `_FILE`. Default: those of Node.js.',
      ),
  }),
  z
    .strictObject({
      ...shared,
      type: z.literal('http'),
      format: z.enum(EVENT_FORMATS).default('ndjson').describe('Events unchanged, or in OCSF.'),
      url: zServerUrl.describe('Endpoint that receives batches by POST.'),
      receiver: z
        .enum(['lines', 'splunk', 'datadog', 'elastic'])
        .default('lines')
        .describe(
          'Format of a batch: JSON lines, or the format of Splunk’s HTTP Event Collector, Datadog’s logs intake or Elastic’s `_bulk`.',
        ),
      secret: z
        .string()
        .min(32)
        .optional()
        .describe(
          'Signs each batch (HMAC-SHA-256); at least 32 characters, ideally from a variable. Required without `headers`.',
        ),
      headers: zStreamHeaders
        .optional()
        .describe('Sent with each batch, such as the collector’s API key. Never shown.'),
      batchEvents: zInteger(1, 1000).default(200).describe('Maximum number of events per request.'),
    })
    .refine(({ secret, headers }) => secret !== undefined || headers !== undefined, {
      message: 'set a secret, or the headers that authenticate the server to the collector',
      path: ['secret'],
    }),
])
export type AuditStreamDefinition = z.output<typeof zAuditStream>

export const zAuditSection = z.strictObject({
  streams: z
    .array(zAuditStream)
    .max(20)
    .default([])
    .describe('Where events are delivered, each at least once.'),
  checkpoints: z
    .strictObject({
      everySeconds: zInteger(1, 86_400)
        .default(60)
        .describe('How often the head of each chain is sealed, if it has changed.'),
      file: z
        .string()
        .min(1)
        .optional()
        .describe(
          'File outside the database to which sealed heads are appended, and against which they are verified.',
        ),
    })
    .prefault({})
    .describe('Sealed chain heads, which reveal a rewritten log.'),
  retentionDays: zInteger(1, 36_500)
    .optional()
    .describe('Removes events older than this; on PostgreSQL by month. Default: never.'),
})
