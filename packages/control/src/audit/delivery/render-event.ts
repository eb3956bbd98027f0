// One event of a log as a line of text, in each of the formats that exports and streams have.
import type { EventFormat } from '@crosswalk/admin-api'
import { renderOcsf } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

/** @returns one line of JSON with its line feed */
export function renderEvent(event: RecordedEvent, format: EventFormat): string {
  return format === 'ocsf' ? renderOcsfLine(event) : renderOwnLine(event)
}

/** With the text that was hashed, so that a copy can be verified. */
function renderOwnLine({ log, seq, prevHash, hash, body, event }: RecordedEvent): string {
  return `${JSON.stringify({ log, seq, prevHash, hash, text: body, ...event })}\n`
}

function renderOcsfLine({ log, seq, prevHash, hash, event }: RecordedEvent): string {
  return `${JSON.stringify(renderOcsf(event, { log, seq, prevHash, hash }, Date.parse(event.time)))}\n`
}
