// `crosswalk audit streams`: the state of each event stream, and replay from an earlier position.
import type { AuditStreamView } from '@crosswalk/admin-api'
import { type Command, InvalidArgumentError } from 'commander'

import { addCall, addList } from '../admin/route-commands.ts'
import { listRow } from '../admin/table.ts'
import { EXIT } from '../exit-codes.ts'
import { count } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const COLUMNS = {
  id: ({ id }: AuditStreamView) => id,
  to: ({ to }: AuditStreamView) => to,
  state: ({ state }: AuditStreamView) => state,
  behind: ({ lagEvents, lagSeconds }: AuditStreamView) =>
    lagEvents === 0 ? '0' : `${count(lagEvents, 'event')}, ${lagSeconds} s`,
  delivered: ({ delivered }: AuditStreamView) => String(delivered),
  abandoned: ({ abandoned }: AuditStreamView) => String(abandoned),
  'last error': ({ failures, lastError, lastErrorAt }: AuditStreamView) =>
    lastError === null
      ? 'none'
      : `${lastError} at ${lastErrorAt ?? ''}${failures > 1 ? ` (${failures} times)` : ''}`,
}

export function addStreamCommands(audit: Command, terminal: CommandTerminal): void {
  const streams = audit.command('streams').description('show event delivery, and send events again')
  addList(streams, terminal, {
    route: 'audit-streams.list',
    description: 'show how far each stream is behind, and its last error',
    schema: 'crosswalk.audit-streams/v1',
    columns: COLUMNS,
    exit: (items) => (items.some(({ state }) => state === 'failing') ? EXIT.negative : undefined),
  })
  addCall(streams, terminal, {
    verb: 'replay',
    route: 'audit-streams.replay',
    description: 'set where a stream continues, to send events again',
    arguments: { id: 'id of the stream' },
    options: {
      after: {
        flags: '--after <positions>',
        description: 'the event of each chain to continue after: idp:120,admin:0',
        parse: parsePositions,
      },
    },
    schema: 'crosswalk.audit-stream/v1',
    render: (stream) => listRow(COLUMNS, stream),
  })
}

function parsePositions(text: string): Record<string, number> {
  const pairs = text.split(',').map((part) => /^([^,]+):(\d{1,15})$/.exec(part.trim()))
  if (pairs.includes(null)) throw new InvalidArgumentError('Write CHAIN:NUMBER, separated by commas.')
  return Object.fromEntries(pairs.map((match) => [match?.[1] ?? '', Number(match?.[2])]))
}
