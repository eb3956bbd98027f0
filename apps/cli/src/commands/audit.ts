// `crosswalk audit`: the audit logs, listed, followed, exported and verified.
import { ADMIN_API_PATH, type AnswerTo, NDJSON, readPages, ROUTES } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import {
  addAdminOptions,
  type AdminOptions,
  parseLimit,
  readToken,
  toCliError,
  withAdmin,
} from '../admin/admin-options.ts'
import { follow, type FollowOptions } from '../admin/follow.ts'
import { addOptions, listOptions, readOptions } from '../admin/route-options.ts'
import { addListOptions, tellTruncated, writeList } from '../admin/write-list.ts'
import { sanitize } from '../admin/table.ts'
import { fetchBegunWithin } from '../admin/timeout.ts'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { addProofCommands } from './audit-proof.ts'
import { addRetentionCommands } from './audit-retention.ts'
import { addStreamCommands } from './audit-streams.ts'
import type { CommandTerminal } from '../terminal.ts'

type ListOptions = AdminOptions & { readonly limit: number }

const EXPORT_FILTERS = listOptions(ROUTES['audit.list'].query, {
  log: { flags: '--log <log>', description: 'one log: idp, admin, or as: and an id' },
  type: { flags: '--type <types>', description: 'types of events, with commas between' },
  outcome: { flags: '--outcome <outcome>', description: 'only those that ended so' },
  afterSeq: {
    flags: '--after-seq <positions>',
    description: 'behind which event to begin: idp:120,as:todo0:44',
  },
  format: 'the events as they are, or as OCSF tells them; as they are unless given',
})
const FILTERS = EXPORT_FILTERS.filter(({ member }) => member !== 'afterSeq' && member !== 'format')

type Event = AnswerTo<'audit.list'>['items'][number]

export function addAuditCommands(program: Command, terminal: CommandTerminal): void {
  const audit = program.command('audit').description('work with the audit logs')
  const list = addOptions(audit.command('list').description('list events, newest first'), FILTERS).option(
    '--limit <number>',
    'how many at most',
    parseLimit,
    50,
  )
  addListOptions(list, 'text').action((options: ListOptions) => listEvents(terminal, options))
  const tail = addOptions(
    audit.command('tail').description('follow events as they are recorded'),
    FILTERS,
  ).option('--for <seconds>', 'how long; until Ctrl-C unless given', parseLimit)
  addAdminOptions(tail).action((options: AdminOptions & FollowOptions) => followEvents(terminal, options))
  const copy = addOptions(
    audit
      .command('export')
      .description(
        'write events as lines of JSON, log after log, oldest first; with -o json as one document',
      ),
    EXPORT_FILTERS,
  )
  addAdminOptions(copy).action((options: AdminOptions) => exportEvents(terminal, options))
  addStreamCommands(audit, terminal)
  addProofCommands(audit, terminal)
  addRetentionCommands(audit, terminal)
}

function readFilters({ nowMs }: CommandTerminal, options: AdminOptions): Readonly<Record<string, unknown>> {
  return readOptions(EXPORT_FILTERS, { ...options }, { nowMs: nowMs(), direction: 'ago' })
}

/** What an event has besides, where it is about something. */
type FullEvent = Event & {
  readonly code?: string
  readonly actor?: { readonly id: string }
  readonly target?: { readonly kind: string; readonly id: string }
  readonly reason?: string
}

const COLUMNS = ['time', 'log', 'seq', 'type', 'outcome', 'code', 'by', 'kind', 'target', 'why', 'id']

function toRow(event: FullEvent): readonly (string | undefined)[] {
  const { time, log, seq, type, outcome, code, actor, target, reason, id } = event
  return [time, log, String(seq), type, outcome, code, actor?.id, target?.kind, target?.id, reason, id]
}

function renderEvent(event: FullEvent): string {
  const { time, log, seq, type, outcome, code, actor, target } = event
  const about = target === undefined ? '' : `  ${target.kind} ${target.id}`
  return sanitize(
    `${time}  ${log}#${seq}  ${type}  ${outcome}${code === undefined ? '' : ` ${code}`}  by ${actor?.id ?? 'unknown'}${about}`,
  )
}

function listEvents(terminal: CommandTerminal, options: ListOptions): Promise<void> {
  return withAdmin(terminal, options, async ({ client }) => {
    const filters = readFilters(terminal, options)
    const { items, truncated } = await readPages(
      options.limit,
      async (page) => (await client.call('audit.list', { query: { ...filters, ...page } })).body,
    )
    if (options.output !== 'text') {
      const list = { schema: 'crosswalk.events/v1', items, truncated, headings: COLUMNS }
      return writeList({ terminal, options }, { ...list, rows: items.map(toRow) })
    }
    terminal.writeOut(items.length === 0 ? 'none\n' : items.map((it) => `${renderEvent(it)}\n`).join(''))
    tellTruncated(terminal, truncated)
  })
}

function followEvents(terminal: CommandTerminal, options: AdminOptions & FollowOptions): Promise<void> {
  return withAdmin(terminal, options, ({ client }) =>
    follow(terminal, options, {
      read: async (page) => {
        const query = { ...readFilters(terminal, options), ...page }
        return (await client.call('audit.list', { query })).body
      },
      idOf: ({ id }) => id,
      timeOf: ({ time }) => time,
      render: renderEvent,
    }),
  )
}

/** Written as it arrives, whatever the size of the logs. */
async function exportEvents(terminal: CommandTerminal, options: AdminOptions): Promise<void> {
  const query = new URLSearchParams(readFilters(terminal, options) as Record<string, string>)
  const url = `${options.server.replace(/\/$/, '')}${ADMIN_API_PATH}/audit-events?${query}`
  const headers = { authorization: `Bearer ${readToken(terminal)}`, accept: NDJSON }
  const response = await fetchBegunWithin(options.timeout)(url, { headers }).catch((error: unknown) => {
    throw toCliError(error, options.server)
  })
  if (!response.ok || response.body === null) {
    const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string }
    const message = [problem.title ?? `status ${response.status}`, problem.detail].filter(Boolean).join(': ')
    const exitCode = { 401: EXIT.signIn, 403: EXIT.notPermitted }[response.status] ?? EXIT.usage
    throw new CliError(exitCode, message, 'check the options and CROSSWALK_ADMIN_TOKEN')
  }
  const lines = response.body.pipeThrough(new TextDecoderStream())
  const text = options.output === 'json' ? toDocument(lines, 'crosswalk.events/v1') : lines
  for await (const chunk of text) terminal.writeOut(chunk)
}

/** Lines of JSON as the items of one document, still as they arrive. */
async function* toDocument(lines: AsyncIterable<string>, schema: string): AsyncGenerator<string> {
  yield `{"schema":${JSON.stringify(schema)},"items":[\n`
  let isLineOver = false
  for await (const chunk of lines) {
    if (chunk === '') continue
    // No line holds a line break, and the last one is followed by no comma.
    yield `${isLineOver ? ',\n' : ''}${chunk.replace(/\n$/, '').replaceAll('\n', ',\n')}`
    isLineOver = chunk.endsWith('\n')
  }
  yield '\n]}\n'
}
