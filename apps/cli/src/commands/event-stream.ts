// `crosswalk event-stream`: which receivers get security events, how far they are behind, and a verification event.
import type { EventStreamView } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import { listRow } from '../admin/table.ts'
import { EXIT } from '../exit-codes.ts'
import { count } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const COLUMNS = {
  id: ({ id }: EventStreamView) => id,
  to: ({ endpoint, audience }: EventStreamView) => endpoint ?? audience,
  status: ({ status }: EventStreamView) => status,
  pending: ({ pending, lagSeconds }: EventStreamView) =>
    pending === 0 ? '0' : `${count(pending, 'event')}, ${Math.round(lagSeconds)} s`,
  delivered: ({ delivered }: EventStreamView) => String(delivered),
  abandoned: ({ abandoned }: EventStreamView) => String(abandoned),
  'last error': ({ lastError, lastErrorAt }: EventStreamView) =>
    lastError === null ? 'none' : `${lastError} at ${lastErrorAt ?? ''}`,
}

export function addEventStreamCommands(program: Command, terminal: CommandTerminal): void {
  const streams = program
    .command('event-stream')
    .description('show the delivery of security events to other companies, and test it')
  addList(streams, terminal, {
    route: 'security-event-streams.list',
    description: 'show what each receiver has not acknowledged yet, and its last error',
    schema: 'crosswalk.event-streams/v1',
    columns: COLUMNS,
    exit: (items) => (items.some(isFailing) ? EXIT.negative : undefined),
  })
  addCall(streams, terminal, {
    verb: 'verify',
    route: 'security-event-streams.verify',
    description: 'send an event that changes nothing at the receiver',
    arguments: { id: 'id of the stream' },
    schema: 'crosswalk.event-stream/v1',
    render: (stream) => listRow(COLUMNS, stream),
  })
}

/** A receiver that is paused, or has caught up since, delays nothing. */
function isFailing({ status, pending, lastError }: EventStreamView): boolean {
  return status === 'removed' || (status === 'enabled' && pending > 0 && lastError !== null)
}
