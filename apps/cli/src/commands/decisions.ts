// `crosswalk decisions`: what was decided, listed or followed.
import { type AnswerTo, readPages } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  parseLimit,
  parseMoment,
  withAdmin,
} from '../admin/admin-options.ts'
import { follow, type FollowOptions } from '../admin/follow.ts'
import { addListOptions, tellTruncated, writeList } from '../admin/write-list.ts'
import { renderDecisionLine } from '../decision/render-decision.ts'
import type { CommandTerminal } from '../terminal.ts'

type Decision = AnswerTo<'decisions.list'>['items'][number]

interface Filters extends AdminOptions {
  readonly outcome?: 'allow' | 'deny' | 'step_up' | 'pending' | 'error'
  readonly code?: string
  readonly app?: string
  readonly resourceApp?: string
  readonly connection?: string
  readonly user?: string
}
interface ListOptions extends Filters {
  readonly since?: string
  readonly until?: string
  readonly limit: number
}

export function addDecisionCommands(program: Command, terminal: CommandTerminal): void {
  const decisions = program.command('decisions').description('see what was decided')
  const list = addFilters(decisions.command('list').description('list decisions, newest first'))
    .option('--since <moment>', 'from this moment on; RFC 3339, or an age such as 2h')
    .option('--until <moment>', 'before this moment')
    .option('--limit <number>', 'how many at most', parseLimit, 50)
  addListOptions(list, 'text').action((options: ListOptions) =>
    withAdmin(terminal, options, (command) => listDecisions(command, options)),
  )
  const tail = addFilters(decisions.command('tail').description('follow decisions as they are made')).option(
    '--for <seconds>',
    'how long; until Ctrl-C unless given',
    parseLimit,
  )
  addAdminOptions(tail).action((options: Filters & FollowOptions) =>
    withAdmin(terminal, options, ({ client }) =>
      follow(terminal, options, {
        read: async (page) =>
          (await client.call('decisions.list', { query: { ...pickFilters(options), ...page } })).body,
        idOf: ({ decision_id: id }) => id,
        timeOf: ({ time }) => time,
        render: renderDecisionLine,
      }),
    ),
  )
}

function addFilters(command: Command): Command {
  return command
    .option('--outcome <outcome>', 'allow, deny, step_up, pending or error')
    .option('--code <code>', 'decision code')
    .option('--app <id>', 'requesting app')
    .option('--resource-app <id>', 'resource app')
    .option('--connection <id>', 'connection')
    .option('--user <id-or-name>', 'person')
}

function pickFilters({ outcome, code, app, resourceApp, connection, user }: Filters) {
  const filters = { outcome, code, app, resourceApp, connection, user }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as {
    [K in keyof typeof filters]?: NonNullable<(typeof filters)[K]>
  }
}

const COLUMNS = [
  'time',
  'outcome',
  'code',
  'app',
  'user',
  'resource app',
  'scopes',
  'connection',
  'decision',
  'why',
]

function toRow({ time, outcome, code, request, resolution, granted, decision_id: id, summary }: Decision) {
  const { requesting_app: app, subject } = request
  const { resource_app: resourceApp, connection } = resolution
  const who = subject?.display ?? subject?.ref
  return [
    time,
    outcome,
    code,
    app?.id,
    who,
    resourceApp,
    granted?.scope.join(' '),
    connection,
    id,
    summary.admin,
  ]
}

async function listDecisions({ client, terminal }: AdminCommand, options: ListOptions): Promise<void> {
  const now = terminal.nowMs()
  const period = {
    ...(options.since === undefined ? {} : { since: parseMoment(options.since, now) }),
    ...(options.until === undefined ? {} : { until: parseMoment(options.until, now) }),
  }
  const { items, truncated } = await readPages(options.limit, async (page) => {
    const query = { ...pickFilters(options), ...period, ...page }
    return (await client.call('decisions.list', { query })).body
  })
  if (options.output !== 'text') {
    const rows = items.map(toRow)
    return writeList(
      { terminal, options },
      { schema: 'crosswalk.decisions/v1', items, truncated, headings: COLUMNS, rows },
    )
  }
  terminal.writeOut(items.length === 0 ? 'none\n' : items.map((it) => `${renderDecisionLine(it)}\n`).join(''))
  tellTruncated(terminal, truncated)
}
