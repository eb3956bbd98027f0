// Reads are logged too. In a list of changes, all reads of one user between two changes become one row per kind.
import { nameOfEvent } from './event.ts'

export interface LoggedEvent {
  readonly type: string
  readonly actor?: { readonly id?: string }
  readonly target?: { readonly kind?: string }
}

export type Collapsed<E> = E & { readonly times: number }

const READ_EVENTS = /\.(read|exported|verified|run)$/

export function isReadEvent({ type }: LoggedEvent): boolean {
  return READ_EVENTS.test(type)
}

/** @returns every change, and the newest read of each kind and actor between two changes */
export function collapseReads<E extends LoggedEvent>(events: readonly E[]): readonly Collapsed<E>[] {
  const rows: Collapsed<E>[] = []
  for (const event of events) {
    const same = isReadEvent(event)
      ? rows.findLastIndex((row) => !isReadEvent(row) || isSame(row, event))
      : -1
    const found = rows[same]
    if (found !== undefined && isReadEvent(found)) rows[same] = { ...found, times: found.times + 1 }
    else rows.push({ ...event, times: 1 })
  }
  return rows
}

function isSame(one: LoggedEvent, other: LoggedEvent): boolean {
  return nameOfEvent(one) === nameOfEvent(other) && one.actor?.id === other.actor?.id
}
