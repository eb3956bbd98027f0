// `crosswalk request`: ask for access for somebody, and answer.
import { type AccessRequest, readPages } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'

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

const STATES = ['open', 'approved', 'declined', 'withdrawn', 'expired', 'ended'] as const

interface ListOptions extends AdminOptions {
  readonly state?: (typeof STATES)[number]
  readonly limit: number
}
interface CreateOptions extends AdminOptions {
  readonly user: string
  readonly app: string
  readonly resourceApp: string
  readonly scope: string
  readonly reason: string
}
interface ApproveOptions extends AdminOptions {
  readonly scope?: string
  readonly until?: string
  readonly reason?: string
}

export function addRequestCommands(program: Command, terminal: CommandTerminal): void {
  const request = program.command('request').description('ask for access, and answer')
  addList(request, terminal)
  addShow(request, terminal)
  addCreate(request, terminal)
  addApprove(request, terminal)
  addDecline(request, terminal)
}

function addList(request: Command, terminal: CommandTerminal): void {
  const command = request
    .command('list')
    .description('list requests for access, oldest first')
    .addOption(new Option('--state <state>', 'only those').choices(STATES))
    .option('--limit <number>', 'how many at most', parseLimit, 200)
  addListOptions(command).action((options: ListOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const state = options.state === undefined ? {} : { state: options.state }
      const { items, truncated } = await readPages(
        options.limit,
        async (page) =>
          (await admin.client.call('access-requests.list', { query: { ...page, ...state } })).body,
      )
      const rows = items.map((it) => [
        ...[it.id, it.state, it.user, it.app, it.resourceApp, it.scopes.join(' '), it.askedBy, it.reason],
      ])
      const headings = ['id', 'state', 'user', 'app', 'resource app', 'scopes', 'asked by', 'why']
      writeList(admin, { schema: 'crosswalk.access-requests/v1', items, truncated, headings, rows })
    }),
  )
}

function addShow(request: Command, terminal: CommandTerminal): void {
  const command = request.command('show').description('show one request').argument('<id>', 'id')
  addAdminOptions(command).action((id: string, options: AdminOptions) =>
    withAdmin(terminal, options, async (admin) => {
      show(admin, (await admin.client.call('access-requests.read', { params: { id } })).body)
    }),
  )
}

function addCreate(request: Command, terminal: CommandTerminal): void {
  const command = request
    .command('create')
    .description('ask that a person may use a resource app through an app')
    .requiredOption('--user <id-or-name>', 'the person')
    .requiredOption('--app <id>', 'the requesting app')
    .requiredOption('--resource-app <id>', 'the resource app')
    .requiredOption('--scope <scopes>', 'scopes, with spaces between')
    .requiredOption('--reason <text>', 'why')
  addAdminOptions(command).action((options: CreateOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { user, app, resourceApp, scope, reason } = options
      const body = { user, app, resourceApp, scopes: scope.split(/\s+/).filter(Boolean), reason }
      show(admin, (await admin.client.call('access-requests.create', { body })).body)
    }),
  )
}

function addApprove(request: Command, terminal: CommandTerminal): void {
  const command = request
    .command('approve')
    .description('Approve a request: the user gets an access grant, whoever owns the connection')
    .argument('<id>', 'id')
    .option('--scope <scopes>', 'fewer scopes than asked for')
    .option('--until <moment>', 'When access ends; RFC 3339')
    .option('--reason <text>', 'why, for the audit log')
    .addOption(overrideOption())
  addAdminOptions(command).action((id: string, options: ApproveOptions) =>
    withAdmin(terminal, options, async (admin) => {
      const { scope, until, reason } = options
      const body = {
        ...(scope === undefined ? {} : { scopes: scope.split(/\s+/).filter(Boolean) }),
        ...(until === undefined ? {} : { until: parseMoment(until, terminal.nowMs()) }),
        ...(reason === undefined ? {} : { reason }),
      }
      const approved = (await admin.client.call('access-requests.approve', { params: { id }, body })).body
      show(admin, approved)
      const { outcome, code, admin: text } = approved.check
      if (outcome !== 'allow') terminal.writeErr(`still denied: ${code} ${sanitize(text)}\n`)
    }),
  )
}

function addDecline(request: Command, terminal: CommandTerminal): void {
  const command = request
    .command('decline')
    .alias('deny')
    .description('decline a request')
    .argument('<id>', 'id')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(command).action((id: string, options: AdminOptions & { reason: string }) =>
    withAdmin(terminal, options, async (admin) => {
      const call = { params: { id }, body: { reason: options.reason } }
      show(admin, (await admin.client.call('access-requests.decline', call)).body)
    }),
  )
}

function show({ terminal, options }: AdminCommand, request: AccessRequest): void {
  if (options.output === 'json')
    return writeJson(terminal, { schema: 'crosswalk.access-request/v1', ...request })
  const { id, state, user, app, resourceApp, scopes, reason, askedBy, askedAt, granted } = request
  const lines = [
    `${id}  ${state}`,
    `  for      ${user} through ${app} at ${resourceApp}: ${scopes.join(' ')}`,
    `  asked    by ${askedBy} at ${askedAt}: ${reason}`,
    ...(request.decidedBy === undefined
      ? []
      : [
          `  decided  by ${request.decidedBy} at ${request.decidedAt ?? ''}: ${request.decisionReason ?? 'no reason given'}`,
        ]),
    ...(granted === undefined
      ? []
      : [
          `  granted  ${granted.grant}: ${granted.scopes.join(' ')} over ${granted.connection}${granted.until === undefined ? '' : ` until ${granted.until}`}`,
        ]),
  ]
  terminal.writeOut(`${lines.map(sanitize).join('\n')}\n`)
}
