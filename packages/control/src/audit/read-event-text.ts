// Reads the text of an event that someone else hands over. Hashes and signatures cover any text, also one that no server wrote.
import { zRecordedEvent } from '@crosswalk/admin-api'
import { type AuditEvent, parseEventText } from '@crosswalk/as-core'

/** What every event has, without its place in a log. */
const zEvent = zRecordedEvent.omit({ log: true, chain: true, seq: true, prevHash: true, hash: true })

export const NOT_AN_EVENT = 'its text is not an event'

/** @returns undefined if the text is not an event */
export function readEventText(text: string): AuditEvent | undefined {
  try {
    const event = parseEventText(text)
    return zEvent.safeParse(event).success ? event : undefined
  } catch {
    return undefined
  }
}
