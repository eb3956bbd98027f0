// `crosswalk admin-token`: tokens of the admin API with a role of their own, so that no script needs the one of the file.
import { readPages, type Role, ROLES } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { renderTable, sanitize } from '../admin/table.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface CreateOptions extends AdminOptions {
  readonly role: Role
  readonly app?: readonly string[]
  readonly expires?: string
  readonly reason: string
}

export function addAdminTokenCommands(program: Command, terminal: CommandTerminal): void {
  const group = program.command('admin-token').description('make and end tokens of the admin API')
  addList(group, terminal)
  addCreate(group, terminal)
  addRevoke(group, terminal)
}

const MOST = 10_000

function addList(group: Command, terminal: CommandTerminal): void {
  const command = group.command('list').description('list tokens, without what makes them')
  addAdminOptions(command).action((options: AdminOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { items } = await readPages(
        MOST,
        async (query) => (await client.call('tokens.list', { query })).body,
      )
      if (options.output === 'json')
        return writeJson(terminal, { schema: 'crosswalk.admin-tokens/v1', items })
      const rows = items.map(({ id, name, role, apps, createdBy, expiresAt }) => [
        ...[id, name, role, apps?.join(' ') ?? 'all', createdBy, expiresAt],
      ])
      terminal.writeOut(renderTable(['id', 'for', 'role', 'apps', 'made by', 'ends'], rows))
    }),
  )
}

function addCreate(group: Command, terminal: CommandTerminal): void {
  const command = group
    .command('create')
    .description('make a token; standard output is the token, which is shown only now')
    .argument('<name>', 'who or what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--app <ids...>', 'for a connection manager, app owner or developer: the apps it is about')
    .option('--expires <duration-or-moment>', 'when it ends: 90d, 12h, or RFC 3339; never unless given')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action((name: string, options: CreateOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { role, app, expires, reason } = options
      const body = {
        name,
        role,
        reason,
        ...(app === undefined ? {} : { apps: [...app] }),
        ...(expires === undefined ? {} : { expiresAt: parseEnd(expires, terminal.nowMs()) }),
      }
      const { body: made } = await client.call('tokens.create', { body })
      if (options.output === 'json')
        return writeJson(terminal, { schema: 'crosswalk.admin-token/v1', ...made })
      terminal.writeErr(sanitize(`${made.id}, ${role}, ends ${made.expiresAt ?? 'never'}`).concat('\n'))
      terminal.writeOut(`${made.token}\n`)
    }),
  )
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 }

function parseEnd(text: string, nowMs: number): string {
  const [, count, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  const end = count === undefined ? Date.parse(text) : nowMs + Number(count) * (UNIT_MS[unit] ?? 0)
  if (Number.isNaN(end)) throw new CliError(EXIT.usage, `${text} is no end`, 'give 90d, 12h or RFC 3339')
  return new Date(end).toISOString()
}

function addRevoke(group: Command, terminal: CommandTerminal): void {
  const command = group
    .command('revoke')
    .description('end a token at once')
    .argument('<id>', 'id of the token')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action((id: string, options: AdminOptions & { reason: string }) =>
    withAdmin(terminal, options, async ({ client }) => {
      await client.call('tokens.revoke', { params: { id } }, { reason: options.reason })
      if (options.output === 'json')
        writeJson(terminal, { schema: 'crosswalk.admin-token/v1', id, ended: true })
      else terminal.writeOut(`✓ ${sanitize(id)} ended\n`)
    }),
  )
}
