// Sends events to a receiver on this machine exactly as an HTTP stream of the server would, so that it can be developed
// and tested without one.
import { createGuardedPost, isLoopbackHost } from '@crosswalk/as-core'
import { createHttpSink } from '@crosswalk/control'
import { type AuditEvent, type AuditStreamDefinition, chunk, isServerUrl } from '@crosswalk/protocol'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'

/** An event as the admin API lists it: its place in the log beside its own members. */
export type ListedEvent = Readonly<Record<string, unknown>> & {
  readonly log: string
  readonly chain: string
  readonly seq: number
  readonly prevHash: string
  readonly hash: string
}

type HttpStream = Extract<AuditStreamDefinition, { type: 'http' }>

export interface ForwardOptions {
  readonly forwardTo: string
  readonly receiver: HttpStream['receiver']
  readonly format: HttpStream['format']
}

/** The default of a stream */
const BATCH_EVENTS = 200
const MIN_SECRET = 32

/** @returns a function that sends events, oldest first, and returns why they were not taken */
export function createForwarder(
  terminal: CommandTerminal,
  { forwardTo: url, receiver, format }: ForwardOptions,
): (events: readonly ListedEvent[]) => Promise<string | undefined> {
  if (!isServerUrl(url))
    throw new CliError(EXIT.usage, `${url} must not receive events`, 'use an https URL, or http for loopback')
  const secret = terminal.env['CROSSWALK_LISTEN_SECRET']
  if (secret !== undefined && secret.length < MIN_SECRET)
    throw new CliError(
      EXIT.usage,
      'CROSSWALK_LISTEN_SECRET is too short',
      `use at least ${MIN_SECRET} characters`,
    )
  const stream = { id: 'listen', type: 'http', url, receiver, format, batchEvents: BATCH_EVENTS } as const
  return async (events) => {
    const post = createGuardedPost({ allowLoopback: isLoopbackHost(new URL(url).hostname) })
    const sink = createHttpSink({ ...stream, secret }, { post, clock: terminal })
    try {
      for (const [chain, ofChain] of Map.groupBy(events, (event) => event.chain)) {
        for (const batch of chunk(ofChain, BATCH_EVENTS)) {
          const problem = await sink.send({ chain, events: batch.map(toRecorded) })
          if (problem !== undefined) return `${url} did not take the events: ${problem.error}`
        }
      }
      return undefined
    } finally {
      await post.close()
    }
  }
}

/** The text that was hashed is the event itself, without its place. */
function toRecorded({ log, chain, seq, prevHash, hash, ...event }: ListedEvent) {
  const place = { log, chain, seq, prevHash, hash }
  return { ...place, body: JSON.stringify(event), event: event as unknown as AuditEvent }
}
