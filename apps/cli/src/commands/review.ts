// `crosswalk review`: connections reviewed by somebody else, from evidence.
import { readPages, type Review } from '@crosswalk/admin-api'
import { type Command, Option } from 'commander'

import {
  addAdminOptions,
  type AdminOptions,
  overrideOption,
  parseLimit,
  withAdmin,
} from '../admin/admin-options.ts'
import { tellTruncated } from '../admin/write-list.ts'
import { renderTable, sanitize } from '../admin/table.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'

const DECISIONS = ['keep', 'narrow', 'revoke'] as const

interface CreateOptions extends AdminOptions {
  readonly connection?: string[]
  readonly app?: string[]
  readonly days: number
  readonly due?: string
  readonly reason: string
}

interface DecideOptions extends AdminOptions {
  readonly scope?: string[]
  readonly removeUser?: string[]
  readonly removeGroup?: string[]
  readonly reason: string
}

export function addReviewCommands(program: Command, terminal: CommandTerminal): void {
  const review = program.command('review').description('review connections, and decide from evidence')
  addReading(review, terminal)
  const create = review
    .command('create')
    .description('open a review of connections; of all unless some are named')
    .argument('<name>', 'name of the review')
    .option('--connection <ids...>', 'only these connections')
    .option('--app <ids...>', 'only connections of these apps')
    .option('--days <number>', 'over how many days use is counted', parseLimit, 90)
    .option('--due <moment>', 'until when, RFC 3339')
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(create).action((name: string, options: CreateOptions) =>
    createReview(terminal, name, options),
  )
  const decide = review
    .command('decide')
    .description('keep, narrow or revoke one connection; it takes effect at once')
    .argument('<id>', 'id of the review')
    .argument('<connection>', 'id of the connection')
    .argument('<decision>', DECISIONS.join(', '))
    .option('--scope <scopes...>', 'narrow: what is left; the used ones unless anything is given')
    .option('--remove-user <ids...>', 'narrow: people to take off')
    .option('--remove-group <names...>', 'narrow: groups to take off')
    .requiredOption('--reason <text>', 'why, for the audit log')
    .addOption(overrideOption())
  addAdminOptions(decide).action((id: string, connection: string, decision: string, options: DecideOptions) =>
    decideItem(terminal, { id, connection, decision }, options),
  )
  addClosing(review, terminal)
}

function addReading(review: Command, terminal: CommandTerminal): void {
  const list = review
    .command('list')
    .description('list reviews')
    .option('--limit <number>', 'how many at most', parseLimit, 50)
  addAdminOptions(list).action((options: AdminOptions & { limit: number }) =>
    withAdmin(terminal, options, async ({ client }) => {
      const { items, truncated } = await readPages(
        options.limit,
        async (page) => (await client.call('reviews.list', { query: page })).body,
      )
      if (options.output === 'json')
        return writeJson(terminal, { schema: 'crosswalk.reviews/v1', items, truncated })
      const rows = items.map((it) => [it.id, it.name, it.state, countDecided(it), it.dueAt])
      terminal.writeOut(renderTable(['id', 'name', 'state', 'decided', 'due'], rows))
      tellTruncated(terminal, truncated)
    }),
  )
  const show = review.command('show').description('show one review').argument('<id>', 'id')
  addAdminOptions(show).action((id: string, options: AdminOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      write(terminal, options, (await client.call('reviews.read', { params: { id } })).body)
    }),
  )
  const evidence = review
    .command('evidence')
    .description('print the review and its events, as one JSON document for an auditor')
    .argument('<id>', 'id')
  addAdminOptions(evidence).action((id: string, options: AdminOptions) =>
    withAdmin(terminal, options, async ({ client }) => {
      writeJson(terminal, (await client.call('reviews.evidence', { params: { id } })).body)
    }),
  )
}

function addClosing(review: Command, terminal: CommandTerminal): void {
  const close = review
    .command('close')
    .description('close a review')
    .argument('<id>', 'id')
    .addOption(
      new Option('--undecided <what>', 'what becomes of connections nobody decided about')
        .choices(['leave', 'suspend'])
        .default('leave'),
    )
    .requiredOption('--reason <text>', 'why, for the audit log')
  addAdminOptions(close).action(
    (id: string, options: AdminOptions & { undecided: 'leave' | 'suspend'; reason: string }) =>
      withAdmin(terminal, options, async ({ client }) => {
        const { undecided, reason } = options
        const { body } = await client.call('reviews.close', { params: { id }, body: { undecided, reason } })
        write(terminal, options, body)
      }),
  )
}

function createReview(terminal: CommandTerminal, name: string, options: CreateOptions): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    const { connection: connections, app: apps, days: periodDays, due, reason } = options
    const body = {
      name,
      periodDays,
      reason,
      ...(connections === undefined ? {} : { connections }),
      ...(apps === undefined ? {} : { apps }),
      ...(due === undefined ? {} : { dueAt: due }),
    }
    write(terminal, options, (await client.call('reviews.create', { body })).body)
  })
}

function decideItem(
  terminal: CommandTerminal,
  {
    id,
    connection,
    decision,
  }: { readonly id: string; readonly connection: string; readonly decision: string },
  options: DecideOptions,
): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    const { scope: scopes, removeUser: removeUsers, removeGroup: removeGroups, reason } = options
    const body = {
      decision: decision as (typeof DECISIONS)[number],
      reason,
      ...(scopes === undefined ? {} : { scopes }),
      ...(removeUsers === undefined ? {} : { removeUsers }),
      ...(removeGroups === undefined ? {} : { removeGroups }),
    }
    write(terminal, options, (await client.call('reviews.decide', { params: { id, connection }, body })).body)
  })
}

function countDecided({ items }: Review): string {
  return `${items.filter(({ decision }) => decision !== undefined).length} of ${items.length}`
}

function write(terminal: CommandTerminal, { output }: AdminOptions, review: Review): void {
  if (output === 'json') return writeJson(terminal, { schema: 'crosswalk.review/v1', ...review })
  const { id, name, state, items } = review
  const rows = items.map(({ connection, evidence, suggestion, decision }) => [
    connection,
    evidence.lastUsedAt ?? 'never',
    `${evidence.uses} for ${evidence.people} of ${evidence.assigned}`,
    evidence.unusedScopes.join(' ') || 'none',
    suggestion,
    decision === undefined ? 'open' : `${decision.decision} by ${decision.by}`,
  ])
  terminal.writeOut(`${sanitize(`${id}  ${name}  ${state}  ${countDecided(review)} decided`)}\n`)
  terminal.writeOut(
    renderTable(['connection', 'last used', 'uses', 'unused scopes', 'suggested', 'decision'], rows),
  )
}
