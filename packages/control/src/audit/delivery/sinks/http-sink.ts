// Events to a collector by POST, a batch of lines each, signed so that the collector knows whose they are. Delivered is
// what was answered with a status of 2xx.
import { createHmac } from 'node:crypto'

import type { Clock, GuardedPost } from '@crosswalk/as-core'

import { renderEvent } from '../render-event.ts'
import type { DefinitionOfSink, Sink } from './sink.ts'

const CONTENT_TYPE = 'application/x-ndjson'

export function createHttpSink(
  { id, url, secret, format, batchEvents }: DefinitionOfSink<'http'>,
  { post, clock }: { readonly post: GuardedPost; readonly clock: Clock },
): Sink {
  return {
    batchEvents,
    async send({ log, events }) {
      const body = events.map((event) => renderEvent(event, format)).join('')
      const timestamp = String(Math.floor(clock.nowMs() / 1000))
      const answer = await post.post(url, {
        body,
        headers: {
          'content-type': CONTENT_TYPE,
          'crosswalk-stream': id,
          'crosswalk-batch': `${log}:${events[0]?.seq ?? 0}-${events.at(-1)?.seq ?? 0}`,
          'crosswalk-timestamp': timestamp,
          'crosswalk-signature': `v1=${signBatch(secret, timestamp, body)}`,
        },
      })
      if (!answer.accepted) {
        const { reason, detail } = answer.refusal
        return detail === undefined || detail === reason ? reason : `${reason} (${detail})`
      }
      const { status } = answer.value
      return status >= 200 && status < 300 ? undefined : `status ${status}`
    },
    // The connection is shared by all streams and closed where it was opened.
    close: async () => undefined,
  }
}

/** @returns HMAC-SHA-256 in hex of the timestamp, a full stop and the body */
export function signBatch(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')
}
