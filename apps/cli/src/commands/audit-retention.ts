// `crosswalk audit retention`: how long events are kept, and the legal hold that keeps them all.
import type { AnswerTo } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { renderTable, sanitize } from '../admin/table.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

export function addRetentionCommands(audit: Command, terminal: CommandTerminal): void {
  const retention = audit.command('retention').description('see how long events are kept, and keep them all')
  const show = retention.command('show').description('how long events are kept, and where each log begins')
  addAdminOptions(show).action((options: AdminOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      write(terminal, options, (await client.call('audit-retention.read', {})).body)
    }),
  )
  for (const [verb, meaning] of [
    ['hold', 'legal hold: from now on nothing is removed'],
    ['release', 'end the legal hold'],
  ] as const) {
    const command = retention
      .command(verb)
      .description(meaning)
      .requiredOption('--reason <text>', 'why, for the audit log')
    addAdminOptions(command).action((options: AdminOptions & { reason: string }) =>
      withAdmin(terminal, options, async ({ client }) => {
        const { body } = await client.call(`audit-retention.${verb}`, { body: { reason: options.reason } })
        write(terminal, options, body)
      }),
    )
  }
}

function write(
  terminal: CommandTerminal,
  { output }: AdminOptions,
  body: AnswerTo<'audit-retention.read'>,
): void {
  if (output === 'json') return writeJson(terminal, { schema: 'crosswalk.retention/v1', ...body })
  const { retentionDays, hold, logs } = body
  const kept =
    retentionDays === null ? 'events are kept for good' : `events are kept for ${retentionDays} days`
  const held = hold === null ? '' : `; legal hold by ${hold.by} since ${hold.since}: ${hold.reason}`
  const rows = logs.map(({ log, begins, cutAt }) => [log, String(begins), cutAt ?? 'never'])
  terminal.writeOut(`${sanitize(kept + held)}\n${renderTable(['log', 'begins at', 'removed last'], rows)}`)
}
