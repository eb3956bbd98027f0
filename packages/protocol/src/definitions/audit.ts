// What may stand in the configuration file about the audit log: where it goes, how its heads are sealed, how long it is
// kept.
import { z } from 'zod'

import { zId, zInteger, zServerUrl } from './scalars.ts'

/** A type of event, or all of an area: `idjag.denied`, `idjag.*`. */
const zEventTypes = z
  .array(
    z
      .string()
      .regex(/^[a-z_]+\.(?:[a-z_]+|\*)$/, 'a type of event such as idjag.denied, or an area such as idjag.*'),
  )
  .min(1)

const shared = {
  id: zId.describe('Names the stream; what was delivered is remembered under it.'),
  types: zEventTypes
    .optional()
    .describe('Types of events to send, `AREA.*` for all of an area; all unless given.'),
}

/** How an event is written in exports and streams. */
export const EVENT_FORMATS = ['ndjson', 'ocsf'] as const
/** Where lines need not be JSON. */
export const LINE_FORMATS = [...EVENT_FORMATS, 'cef'] as const
export type LineFormat = (typeof LINE_FORMATS)[number]

const lineFormat = z
  .enum(LINE_FORMATS)
  .default('ndjson')
  .describe('The events as they are, as OCSF tells them, or in the Common Event Format (CEF).')

/** By lower-case name. Those that describe the batch itself are not theirs to change. */
const zStreamHeaders = z.record(
  z
    .string()
    .regex(
      /^(?!(?:content-type|content-length|transfer-encoding|connection|host|crosswalk-.*)$)[a-z0-9-]{1,64}$/,
      'the name of a header in lower case, none that describes the batch',
    ),
  z.string().regex(/^[\x21-\x7e]([\x20-\x7e]{0,4094}[\x21-\x7e])?$/, 'visible ASCII'),
)

export const zAuditStream = z.discriminatedUnion('type', [
  z.strictObject({
    ...shared,
    type: z.literal('file'),
    format: lineFormat,
    path: z.string().min(1).describe('File that lines are appended to; it may be moved away at any time.'),
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
        'RFC 5424 over TCP with octet counting (RFC 6587), the same within TLS (RFC 5425), or a datagram for each event (RFC 5426).',
      ),
    certificates: z
      .string()
      .includes('-----BEGIN CERTIFICATE-----', { error: 'certificates as PEM' })
      .optional()
      .describe(
        'For `tls`: who may vouch for the receiver, as PEM, best from a variable with `_FILE`; the authorities of Node.js unless given.',
      ),
  }),
  z
    .strictObject({
      ...shared,
      type: z.literal('http'),
      format: z
        .enum(EVENT_FORMATS)
        .default('ndjson')
        .describe('The events as they are, or as OCSF tells them.'),
      url: zServerUrl.describe('Takes batches by POST.'),
      receiver: z
        .enum(['lines', 'splunk', 'datadog', 'elastic'])
        .default('lines')
        .describe(
          'Shape of a batch: lines of JSON, or what Splunk’s HTTP Event Collector, Datadog’s logs intake or Elastic’s `_bulk` takes.',
        ),
      secret: z
        .string()
        .min(32)
        .optional()
        .describe(
          'Signs each batch (HMAC-SHA-256), at least 32 characters, best from a variable. Needed unless `headers` are given.',
        ),
      headers: zStreamHeaders
        .optional()
        .describe('Sent with each batch, such as the API key that the collector wants; shown to no one.'),
      batchEvents: zInteger(1, 1000).default(200).describe('Most events in one request.'),
    })
    .refine(({ secret, headers }) => secret !== undefined || headers !== undefined, {
      message: 'give a secret, or the headers by which the collector knows the server',
      path: ['secret'],
    }),
])
export type AuditStreamDefinition = z.output<typeof zAuditStream>

export const zAuditSection = z.strictObject({
  streams: z
    .array(zAuditStream)
    .max(20)
    .default([])
    .describe('Where events are sent as they are recorded, each at least once.'),
  checkpoints: z
    .strictObject({
      everySeconds: zInteger(1, 86_400)
        .default(60)
        .describe('How often the head of each log is sealed, where it has moved.'),
      file: z
        .string()
        .min(1)
        .optional()
        .describe('File outside the database that sealed heads are appended to, and verified against.'),
    })
    .prefault({})
    .describe('Sealed heads of the logs, by which a rewritten log is found.'),
  retentionDays: zInteger(1, 36_500)
    .optional()
    .describe('Events older than this are removed, on PostgreSQL by month; none unless given.'),
})
