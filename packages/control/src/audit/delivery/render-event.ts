// Renders an event of a log as one line of text, in each format of exports and streams.
import type { EventFormat } from '@crosswalk/admin-api'
import { type LineFormat, renderCef, renderOcsf } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

/** @returns one line with its line feed */
export function renderEvent(recorded: RecordedEvent, format: LineFormat): string {
  return `${renderLine(recorded, format)}\n`
}

function renderLine(recorded: RecordedEvent, format: LineFormat): string {
  const { event } = recorded
  return format === 'cef'
    ? renderCef(event, recorded, Date.parse(event.time))
    : JSON.stringify(describeEvent(recorded, format))
}

export function describeEvent(
  { log, chain, seq, prevHash, hash, body, event }: RecordedEvent,
  format: EventFormat,
): Readonly<Record<string, unknown>> {
  const place = { log, chain, seq, prevHash, hash }
  if (format === 'ocsf') return { ...renderOcsf(event, place, Date.parse(event.time)) }
  // Includes the text that was hashed, so that a copy can be verified.
  return { ...place, text: body, ...event }
}
