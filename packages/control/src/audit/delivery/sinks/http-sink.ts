// Sends events to a collector by POST, one batch per request, in the format it accepts. We authenticate by our
// signature or by the headers of the product. A 2xx status means delivered.
import { createHmac } from 'node:crypto'

import type { Clock, GuardedPost } from '@crosswalk/as-core'
import { cutText, toDisplayName } from '@crosswalk/protocol'

import { describeEvent } from '../render-event.ts'
import { HTTP_RECEIVERS } from './http-receivers.ts'
import type { DefinitionOfSink, Sink } from './sink.ts'

/** Bad request, content too large, unprocessable content; others concern the address, our credentials or the load. */
const REJECTIONS: ReadonlySet<number> = new Set([400, 413, 422])

export function createHttpSink(
  { id, url, secret, headers, receiver, format, batchEvents }: DefinitionOfSink<'http'>,
  { post, clock }: { readonly post: GuardedPost; readonly clock: Clock },
): Sink {
  const { contentType, render, findFailure } = HTTP_RECEIVERS[receiver]
  return {
    batchEvents,
    async send({ chain, events }) {
      const body = render(
        events.map((event) => {
          const { id, time, type } = event.event
          return { id, time, type, json: describeEvent(event, format) }
        }),
      )
      const answer = await post.post(url, {
        body,
        headers: {
          ...headers,
          'content-type': contentType,
          'crosswalk-stream': id,
          'crosswalk-batch': `${chain}:${events[0]?.seq ?? 0}-${events.at(-1)?.seq ?? 0}`,
          ...(secret === undefined ? {} : buildSignature(secret, body, clock.nowMs())),
        },
      })
      if (!answer.accepted) {
        const { reason, detail } = answer.refusal
        const error = detail === undefined || detail === reason ? reason : `${reason} (${detail})`
        return { error, isRejected: false }
      }
      const { status, text } = answer.value
      const failure =
        status >= 200 && status < 300
          ? findFailure?.(text)
          : { error: `status ${status}`, isRejected: REJECTIONS.has(status) }
      return failure && { ...failure, answer: describeAnswer(text, { secret, headers }) }
    },
    // All streams share the connection; its creator closes it.
    close: async () => undefined,
  }
}

const MAX_ANSWER = 300
/** Shorter parts of a header, such as `Splunk`, are not secrets. */
const MIN_SECRET = 8

function describeAnswer(
  text: string,
  { secret = '', headers }: Pick<DefinitionOfSink<'http'>, 'secret' | 'headers'>,
): string {
  const secrets = [secret, ...Object.values(headers ?? {}).flatMap((value) => value.split(' '))]
  // Cleaned first: invisible characters could hide a secret until they are removed.
  const clean = secrets
    .filter(({ length }) => length >= MIN_SECRET)
    .reduce((rest, one) => rest.replaceAll(one, '…'), toDisplayName(text, text.length) ?? '')
  return cutText(clean, MAX_ANSWER)
}

function buildSignature(secret: string, body: string, nowMs: number) {
  const timestamp = String(Math.floor(nowMs / 1000))
  return {
    'crosswalk-timestamp': timestamp,
    'crosswalk-signature': `v1=${signBatch(secret, timestamp, body)}`,
  }
}

/** @returns HMAC-SHA-256 in hex of the timestamp, a full stop and the body */
export function signBatch(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')
}
