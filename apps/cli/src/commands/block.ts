// `crosswalk block`: standing refusals of a person, app, connection or everything.
import { type BlockView, readPages } from '@crosswalk/admin-api'
import { Argument, type Command } from 'commander'

import { addAdminOptions, type AdminOptions, parseMoment, withAdmin } from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const KINDS = ['user', 'app', 'connection', 'everything'] as const
const MOST_BLOCKS = 10_000

interface AddOptions extends AdminOptions {
  readonly reason: string
  readonly until?: string
}

export function addBlockCommands(program: Command, terminal: CommandTerminal): void {
  const block = program.command('block').description('refuse a person, app, connection or everything')
  addList(block, terminal)
  addAdd(block, terminal)
  addEnd(block, terminal)
}

function addList(block: Command, terminal: CommandTerminal): void {
  addListOptions(block.command('list').description('list standing refusals')).action(
    (options: AdminOptions) =>
      withAdmin(terminal, options, async (admin) => {
        const { items } = await readPages<BlockView>(
          MOST_BLOCKS,
          async (query) => (await admin.client.call('blocks.list', { query })).body,
        )
        const rows = items.map(({ id, kind, target, active, kill, by, since, until, reason }) => [
          ...[
            id,
            kind,
            target,
            active ? (kill ? 'kill switch' : 'in force') : 'over',
            by,
            since,
            until,
            reason,
          ],
        ])
        const headings = ['id', 'kind', 'target', 'state', 'by', 'since', 'until', 'why']
        writeList(admin, { schema: 'crosswalk.blocks/v1', items, headings, rows })
      }),
  )
}

function addAdd(block: Command, terminal: CommandTerminal): void {
  const command = block
    .command('add')
    .description('refuse from now on; live access tokens here are withdrawn')
    .addArgument(new Argument('<kind>', 'what is refused').choices(KINDS))
    .argument('[id]', 'id; of a person also the user name')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .option('--until <moment>', 'it ends at this moment; RFC 3339')
  addAdminOptions(command).action(
    (kind: (typeof KINDS)[number], id: string | undefined, options: AddOptions) =>
      withAdmin(terminal, options, async ({ client }) => {
        if ((kind === 'everything') !== (id === undefined))
          throw new CliError(EXIT.usage, 'an id goes with every kind but everything', 'name what is refused')
        const { reason, until } = options
        const body = {
          kind,
          reason,
          ...(id === undefined ? {} : { target: id }),
          ...(until === undefined ? {} : { until: parseMoment(until, terminal.nowMs()) }),
        }
        const { body: made } = await client.call('blocks.create', { body })
        if (options.output === 'json') return writeJson(terminal, { schema: 'crosswalk.block/v1', ...made })
        const what = `${made.kind} ${made.target}`
        terminal.writeOut(
          `✓ ${sanitize(what)} refused  ${made.id}; ${made.tokensRevoked} access tokens withdrawn\n`,
        )
        terminal.writeErr(`end it with: crosswalk block end ${made.id}\n`)
      }),
  )
}

function addEnd(block: Command, terminal: CommandTerminal): void {
  const command = block
    .command('end')
    .description('end a standing refusal')
    .argument('<id>', 'id of the block')
    .option('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action((id: string, options: AdminOptions & { reason?: string }) =>
    withAdmin(terminal, options, async ({ client }) => {
      await client.call(
        'blocks.end',
        { params: { id } },
        options.reason === undefined ? {} : { reason: options.reason },
      )
      if (options.output === 'json')
        writeJson(terminal, { schema: 'crosswalk.block-end/v1', id, ended: true })
      else terminal.writeOut(`✓ ${sanitize(id)} ended\n`)
    }),
  )
}
