// `crosswalk audit streams`: how each stream of events does, and beginning again at an earlier place.
import type { AuditStreamView } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { renderTable } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addStreamCommands(audit: Command, terminal: CommandTerminal): void {
  const streams = audit.command('streams').description('see where events are sent, and send them again')
  const list = streams.command('list').description('how far each stream is behind, and its last error')
  addAdminOptions(list).action((options: AdminOptions) => listStreams(terminal, options))
  const replay = streams
    .command('replay')
    .description('set where a stream goes on, so that events come again')
    .argument('<id>', 'id of the stream')
    .requiredOption('--after <positions>', 'behind which event of each log: idp:120,admin:0')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(replay).action((id: string, options: AdminOptions & { after: string; reason: string }) =>
    withAdmin(terminal, options, async ({ client }) => {
      const body = { after: parsePositions(options.after), reason: options.reason }
      const answer = await client.call('audit-streams.replay', { params: { id }, body })
      if (options.output === 'json')
        writeJson(terminal, { schema: 'crosswalk.audit-stream/v1', ...answer.body })
      else terminal.writeOut(renderStreams([answer.body]))
    }),
  )
}

function listStreams(terminal: CommandTerminal, options: AdminOptions): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    const { items } = (await client.call('audit-streams.list', {})).body
    if (options.output === 'json') writeJson(terminal, { schema: 'crosswalk.audit-streams/v1', items })
    else terminal.writeOut(renderStreams(items))
    if (items.some(({ state }) => state === 'failing')) terminal.endWith(EXIT.negative)
  })
}

function renderStreams(streams: readonly AuditStreamView[]): string {
  return renderTable(
    ['id', 'to', 'state', 'behind', 'delivered', 'last error'],
    streams.map(({ id, to, state, lagEvents, lagSeconds, delivered, failures, lastError, lastErrorAt }) => [
      id,
      to,
      state,
      lagEvents === 0 ? '0' : `${lagEvents} events, ${lagSeconds} s`,
      String(delivered),
      lastError === null
        ? 'none'
        : `${lastError} at ${lastErrorAt ?? ''}${failures > 1 ? ` (${failures} times)` : ''}`,
    ]),
  )
}

function parsePositions(text: string): Record<string, number> {
  const pairs = text.split(',').map((part) => /^([^,]+):(\d{1,15})$/.exec(part.trim()))
  if (pairs.includes(null))
    throw new CliError(EXIT.usage, `${text} is no place in the logs`, 'write LOG:NUMBER, with commas between')
  return Object.fromEntries(pairs.map((match) => [match?.[1] ?? '', Number(match?.[2])]))
}
