// One event of a log as a line of text, in each of the formats that exports and streams have.
import type { EventFormat } from '@crosswalk/admin-api'
import { renderOcsf } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

/** @returns one line of JSON with its line feed */
export function renderEvent(event: RecordedEvent, format: EventFormat): string {
  return format === 'ocsf' ? renderOcsfLine(event) : renderOwnLine(event)
}

/** The event's own text stands in the line as it was hashed, so that a copy can be verified. */
function renderOwnLine({ log, seq, prevHash, hash, body }: RecordedEvent): string {
  const head = JSON.stringify({ log, seq, prevHash, hash })
  return `${head.slice(0, -1)},${body.slice(1)}\n`
}

function renderOcsfLine({ log, seq, prevHash, hash, event }: RecordedEvent): string {
  return `${JSON.stringify(renderOcsf(event, { log, seq, prevHash, hash }, Date.parse(event.time)))}\n`
}
