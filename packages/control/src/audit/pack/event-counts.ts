// Counts the events of a pack, for the page that a reader sees first.
import type { RecordedEvent } from '@crosswalk/storage'

import { readParties } from '../event-filter.ts'

const COUNTED = ['outcome', 'type', 'user', 'app', 'resourceApp', 'code'] as const
export type Counted = (typeof COUNTED)[number]

export interface EventCounts {
  readonly events: number
  /** RFC 3339; undefined without events */
  readonly first: string | undefined
  readonly last: string | undefined
  /** How many events have each value, the most frequent first */
  readonly by: ReadonlyMap<Counted, readonly (readonly [string, number])[]>
}

export function createEventCounter(): { add(recorded: RecordedEvent): void; read(): EventCounts } {
  const counts = new Map<Counted, Map<string, number>>(COUNTED.map((name) => [name, new Map()]))
  const sort = (name: Counted) => [...(counts.get(name) ?? [])].sort(([, one], [, other]) => other - one)
  let events = 0
  let [first, last]: [string | undefined, string | undefined] = [undefined, undefined]
  return {
    add({ event }) {
      events += 1
      // Times of several chains are not in order.
      if (first === undefined || event.time < first) first = event.time
      if (last === undefined || event.time > last) last = event.time
      const values = { outcome: event.outcome, type: event.type, code: event.code, ...readParties(event) }
      for (const [name, ofName] of counts) {
        const value = values[name]
        if (value !== undefined) ofName.set(value, (ofName.get(value) ?? 0) + 1)
      }
    },
    read: () => ({ events, first, last, by: new Map(COUNTED.map((name) => [name, sort(name)])) }),
  }
}
