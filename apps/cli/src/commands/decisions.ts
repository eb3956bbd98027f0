// `crosswalk decisions`: what was decided, listed or followed.
import { type AnswerTo, readPages, ROUTES } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import {
  addAdminOptions,
  type AdminCommand,
  type AdminOptions,
  parseLimit,
  withAdmin,
} from '../admin/admin-options.ts'
import { follow, type FollowOptions } from '../admin/follow.ts'
import { addOptions, listOptions, readOptions } from '../admin/route-options.ts'
import { addListOptions, warnTruncated, writeList } from '../admin/write-list.ts'
import { renderDecisionLine } from '../decision/render-decision.ts'
import type { CommandTerminal } from '../terminal.ts'

type Decision = AnswerTo<'decisions.list'>['items'][number]

type ListOptions = AdminOptions & { readonly limit: number }

const FILTERS = listOptions(ROUTES['decisions.list'].query, {
  outcome: 'only this outcome',
})
/** What is followed begins now. */
const TAIL_FILTERS = FILTERS.filter(({ member }) => member !== 'since' && member !== 'until')

export function addDecisionCommands(program: Command, terminal: CommandTerminal): void {
  const decisions = program.command('decisions').description('list and follow decisions')
  const list = addOptions(
    decisions.command('list').description('list decisions, newest first'),
    FILTERS,
  ).option('--limit <number>', 'at most this many', parseLimit, 50)
  addListOptions(list, 'text').action((options: ListOptions) =>
    withAdmin(terminal, options, (command) => listDecisions(command, options)),
  )
  const tail = addOptions(
    decisions.command('tail').description('follow decisions as they are made'),
    TAIL_FILTERS,
  ).option('--for <seconds>', 'how long; until Ctrl-C by default', parseLimit)
  addAdminOptions(tail).action((options: AdminOptions & FollowOptions) =>
    withAdmin(terminal, options, ({ client }) =>
      follow(terminal, options, {
        read: async (page) =>
          (await client.call('decisions.list', { query: { ...readFilters(terminal, options), ...page } }))
            .body,
        idOf: ({ decision_id: id }) => id,
        timeOf: ({ time }) => time,
        render: renderDecisionLine,
      }),
    ),
  )
}

function readFilters({ nowMs }: CommandTerminal, options: AdminOptions): Readonly<Record<string, unknown>> {
  return readOptions(FILTERS, { ...options }, { nowMs: nowMs(), direction: 'ago' })
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
  const { items, truncated } = await readPages(options.limit, async (page) => {
    const query = { ...readFilters(terminal, options), ...page }
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
  warnTruncated(terminal, truncated)
}
