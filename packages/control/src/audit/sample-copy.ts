// Draws a random sample from the events of a copy. The same copy and seed give the same sample, which shows that the events
// were not chosen.
import { hash as digest } from 'node:crypto'

import type { AuditEvent } from '@crosswalk/as-core'

import { type Chunks, splitLines } from './bounded-content.ts'
import { CopyError } from './copy-error.ts'
import { NOT_AN_EVENT, readEventText } from './read-event-text.ts'
import { parseLines, parseLogged } from './verify-copy.ts'

export interface SampledEvent {
  readonly chain: string
  readonly seq: number
  readonly hash: string
  readonly event: AuditEvent
}

export interface Sample {
  /** Number of events that could have been drawn */
  readonly matching: number
  /** In the order of the copy */
  readonly events: readonly SampledEvent[]
}

export interface Draw {
  readonly seed: string
  readonly size: number
  matches(event: AuditEvent): boolean
}

/**
 * Draws the events with the smallest SHA-256 of the seed, a line feed and the hash of the event, so that each has the same
 * chance.
 *
 * @param copy - its content, and the name that errors have for it; not verified
 * @throws CopyError for a line that `audit export` did not write
 */
export async function sampleCopy(
  copy: { readonly chunks: Chunks; readonly name: string },
  { seed, size, matches }: Draw,
): Promise<Sample> {
  let drawn: Ranked[] = []
  let matching = 0
  for await (const found of parseLines(splitLines(copy.chunks, copy), parseEvent)) {
    if (!matches(found.event)) continue
    matching += 1
    drawn.push({ ...found, place: matching, rank: digest('sha256', `${seed}\n${found.hash}`, 'hex') })
    if (drawn.length > 2 * size) drawn = takeSmallest(drawn, size)
  }
  const events = takeSmallest(drawn, size).sort((one, other) => one.place - other.place)
  return { matching, events: events.map(({ place: _, rank: __, ...event }) => event) }
}

interface Ranked extends SampledEvent {
  /** Among the matching events of the copy */
  readonly place: number
  readonly rank: string
}

function takeSmallest(drawn: readonly Ranked[], size: number): Ranked[] {
  return drawn.toSorted((one, other) => (one.rank < other.rank ? -1 : 1)).slice(0, size)
}

function parseEvent(json: unknown, number: number): SampledEvent | undefined {
  const line = parseLogged(json, number)
  if (line === undefined) return undefined
  const { chain, seq, hash, text } = line
  const event = readEventText(text)
  if (event === undefined) throw new CopyError(`line ${number}: ${NOT_AN_EVENT}`)
  return { chain, seq, hash, event }
}
