// The formats in which collector products accept a batch of events by POST.
import type { AuditStreamDefinition } from '@crosswalk/protocol'

import type { Undelivered } from './sink.ts'

export interface RenderedEvent {
  /** A permanent id, so that a repeated event is not stored twice */
  readonly id: string
  /** RFC 3339 */
  readonly time: string
  readonly type: string
  readonly json: Readonly<Record<string, unknown>>
}

export interface HttpReceiver {
  readonly contentType: string
  render(events: readonly RenderedEvent[]): string
  /** @returns why the receiver does not have the batch despite its 2xx status */
  findFailure?(answer: string): Undelivered | undefined
}

export type ReceiverName = Extract<AuditStreamDefinition, { type: 'http' }>['receiver']

const NDJSON = 'application/x-ndjson'
const JSON_TYPE = 'application/json'
const SOURCE = 'crosswalk'

const toLine = (value: unknown) => `${JSON.stringify(value)}\n`

/** Members of events whose type and own members differ from event to event, at any depth. */
const OPEN_MEMBERS: ReadonlySet<string> = new Set([
  'act',
  'actual',
  'ask',
  'authorization_details',
  'change',
  'clauses',
  'edits',
  'expected',
])

/**
 * An index maps each field by its first value and rejects other types later, so open members are JSON text. This
 * also bounds the number of fields.
 */
const toMappableLine = (value: unknown) =>
  `${JSON.stringify(value, (key, member: unknown) => (OPEN_MEMBERS.has(key) ? JSON.stringify(member) : member))}\n`

export const HTTP_RECEIVERS: Readonly<Record<ReceiverName, HttpReceiver>> = {
  lines: {
    contentType: NDJSON,
    render: (events) => events.map(({ json }) => toLine(json)).join(''),
  },
  // HTTP Event Collector, `/services/collector/event`
  splunk: {
    contentType: JSON_TYPE,
    render: (events) =>
      events
        .map(({ time, json }) =>
          toLine({ time: Date.parse(time) / 1000, source: SOURCE, sourcetype: '_json', event: json }),
        )
        .join(''),
  },
  // Logs intake, `/api/v2/logs`
  datadog: {
    contentType: JSON_TYPE,
    render: (events) =>
      JSON.stringify(
        events.map(({ time, type, json }) => ({
          ddsource: SOURCE,
          service: SOURCE,
          message: type,
          timestamp: time,
          ...json,
        })),
      ),
  },
  // `/INDEX/_bulk`; by id, so that a repeated event replaces itself
  elastic: {
    contentType: NDJSON,
    render: (events) =>
      events
        .map(
          ({ id, time, json }) =>
            toLine({ index: { _id: id } }) + toMappableLine({ '@timestamp': time, ...json }),
        )
        .join(''),
    // `errors` precedes the results per event. A page of a proxy has none.
    findFailure(answer) {
      const errors = /"errors"\s*:\s*(true|false)/.exec(answer)?.[1]
      if (errors === undefined)
        return { error: 'the response does not say that the index has the batch', isRejected: false }
      // An index that is overloaded or incomplete takes the same events later.
      const isRejected = !/"status"\s*:\s*(429|5\d\d)/.test(answer)
      return errors === 'true' ? { error: 'the index rejected events of the batch', isRejected } : undefined
    },
  },
}
