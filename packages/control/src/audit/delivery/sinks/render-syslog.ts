// One event as a message of syslog (RFC 5424). The event itself is the message, so no structured data is needed.
import type { LineFormat } from '@crosswalk/protocol'
import type { RecordedEvent } from '@crosswalk/storage'

import { renderEvent } from '../render-event.ts'

/** `log audit` (RFC 5424 section 6.2.1) */
const FACILITY = 13
const SEVERITY = { info: 6, notice: 5, warning: 4, critical: 2 } as const
const MAX_MSGID = 32

/** @param hostname - of the machine that sends; anything but printable ASCII is left out */
export function renderSyslog(
  event: RecordedEvent,
  { format, hostname, processId }: { format: LineFormat; hostname: string; processId: number },
): Buffer {
  const { severity, time, type } = event.event
  const header = [
    `<${FACILITY * 8 + SEVERITY[severity]}>1`,
    time,
    printable(hostname, 255),
    'crosswalk',
    String(processId),
    printable(type, MAX_MSGID),
    '-',
  ]
  return Buffer.from(`${header.join(' ')} ${renderEvent(event, format).trimEnd()}`, 'utf8')
}

/** @returns the messages with the length of each before it (RFC 6587 section 3.4.1) */
export function frameByOctets(messages: readonly Buffer[]): Buffer {
  return Buffer.concat(messages.flatMap((message) => [Buffer.from(`${message.length} `), message]))
}

function printable(text: string, most: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, most) || '-'
}
