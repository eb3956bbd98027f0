// `crosswalk grant`: access grants, which let one user use one connection for some scopes, until a moment.
import { type AccessGrantView, readPages } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  overrideOption,
  parseLimit,
  parseMoment,
  withAdmin,
} from '../admin/admin-options.ts'
import { sanitize } from '../admin/table.ts'
import { addListOptions, writeList } from '../admin/write-list.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

interface ListOptions extends AdminOptions {
  readonly connection?: string
  readonly user?: string
  readonly active?: true
  readonly limit: number
}
interface CreateOptions extends AdminOptions {
  readonly connection: string
  readonly user: string
  readonly scope: string
  readonly until?: string
  readonly reason: string
}

export function addGrantCommands(program: Command, terminal: CommandTerminal): void {
  const grant = program
    .command('grant')
    .description('Give one user access over one connection, whoever owns its definition')
  addList(grant, terminal)
  addShow(grant, terminal)
  addCreate(grant, terminal)
  addRevoke(grant, terminal)
}

function addList(grant: Command, terminal: CommandTerminal): void {
  const command = grant
    .command('list')
    .description('List access grants, oldest first')
    .option('--connection <id>', 'Only for this connection')
    .option('--user <id-or-name>', 'Only for this user')
    .option('--active', 'Only those that give access now')
    .option('--limit <number>', 'How many at most', parseLimit, 200)
  addListOptions(command).action((options: ListOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { connection, user, active } = options
      const filters = {
        ...(connection === undefined ? {} : { connection }),
        ...(user === undefined ? {} : { user }),
        ...(active === undefined ? {} : { active }),
      }
      const { items, truncated } = await readPages(
        options.limit,
        async (page) =>
          (await admin.client.call('access-grants.list', { query: { ...page, ...filters } })).body,
      )
      const rows = items.map((it) => [
        ...[it.id, it.state, it.user, it.connection, it.scopes.join(' '), it.until, it.by, it.reason],
      ])
      const headings = ['id', 'state', 'user', 'connection', 'scopes', 'until', 'granted by', 'why']
      writeList(admin, { schema: 'crosswalk.access-grants/v1', items, truncated, headings, rows })
    }),
  )
}

function addShow(grant: Command, terminal: CommandTerminal): void {
  const command = grant.command('show').description('Show one access grant').argument('<id>', 'Its id')
  addAdminOptions(command).action((id: string, options: AdminOptions) =>
    withAdmin(terminal, options, async (admin) => {
      show(admin, (await admin.client.call('access-grants.read', { params: { id } })).body)
    }),
  )
}

function addCreate(grant: Command, terminal: CommandTerminal): void {
  const command = grant
    .command('create')
    .description('Grant one user access over one connection, in force at once')
    .requiredOption('--connection <id>', 'The connection')
    .requiredOption('--user <id-or-name>', 'The user')
    .requiredOption('--scope <scopes>', 'The scopes the user gets, separated by spaces')
    .option('--until <moment>', 'When access ends; RFC 3339')
    .requiredOption('--reason <text>', 'Why, for the audit log')
    .addOption(overrideOption())
  addAdminOptions(command).action((options: CreateOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { connection, user, scope, until, reason } = options
      const body = {
        ...{ connection, user, reason, scopes: scope.split(/\s+/).filter(Boolean) },
        ...(until === undefined ? {} : { until: parseMoment(until, terminal.nowMs()) }),
      }
      const created = (await admin.client.call('access-grants.create', { body })).body
      show(admin, created)
      const { outcome, code, admin: text } = created.check
      if (outcome !== 'allow') terminal.writeErr(`still denied: ${code} ${sanitize(text)}\n`)
    }),
  )
}

function addRevoke(grant: Command, terminal: CommandTerminal): void {
  const command = grant
    .command('revoke')
    .description('Revoke an access grant, and the access tokens issued to the user over the connection')
    .argument('<id>', 'Its id')
    .requiredOption('--reason <text>', 'Why, for the audit log')
  addAdminOptions(command).action((id: string, options: AdminOptions & { reason: string }) =>
    withAdmin(terminal, options, async (admin) => {
      const call = { params: { id }, body: { reason: options.reason } }
      const revoked = (await admin.client.call('access-grants.revoke', call)).body
      show(admin, revoked)
      if (options.output !== 'json') terminal.writeErr(`access tokens revoked: ${revoked.revokedTokens}\n`)
    }),
  )
}

function show({ terminal, options }: AdminCommand, grant: AccessGrantView): void {
  if (options.output === 'json') return writeJson(terminal, { schema: 'crosswalk.access-grant/v1', ...grant })
  const { id, state, user, connection, scopes, until, by, at, reason, over } = grant
  const lines = [
    `${id}  ${state}`,
    `  gives    ${user} ${scopes.join(' ')} over ${connection}${until === undefined ? '' : ` until ${until}`}`,
    `  granted  by ${by} at ${at}: ${reason ?? 'no reason given'}`,
    ...(over === undefined
      ? []
      : [`  ${state.padEnd(7)}  by ${over.by} at ${over.at}: ${over.reason ?? 'no reason given'}`]),
  ]
  terminal.writeOut(`${lines.map(sanitize).join('\n')}\n`)
}
