// `crosswalk audit`: list, follow, export and verify the audit logs.
import { type AnswerTo, NDJSON, ROUTES } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { addList, addTail } from '../admin/route-commands.ts'
import { addOptions, listOptions, readOptions } from '../admin/route-options.ts'
import { sanitize } from '../admin/table.ts'
import { requestStream } from '../admin/request-stream.ts'
import { addPackCommand } from './audit-pack.ts'
import { EVENT_FILTERS } from './audit-filters.ts'
import { addVerificationCommands } from './audit-verification.ts'
import { addRetentionCommands } from './audit-retention.ts'
import { addStreamCommands } from './audit-streams.ts'
import { type Progress, startProgress } from '../progress/progress.ts'
import type { CommandTerminal } from '../terminal.ts'

/** Where an export begins, and its format. */
export const NO_EXPORT = { afterSeq: null, format: null }
const EXPORT_FILTERS = listOptions(ROUTES['audit.list'].query, {
  ...EVENT_FILTERS,
  afterSeq: {
    flags: '--after-seq <positions>',
    description: 'the event of each chain to begin after: idp:120,as:todo0:44',
  },
  format: 'native events, or OCSF; native by default',
})

/** Fields that only some events have. */
type FullEvent = AnswerTo<'audit.list'>['items'][number] & {
  readonly code?: string
  readonly actor?: { readonly id: string }
  readonly target?: { readonly kind: string; readonly id: string }
  readonly reason?: string
}

export function addAuditCommands(program: Command, terminal: CommandTerminal): void {
  const audit = program.command('audit').description('read, export and verify the audit logs')
  addList(audit, terminal, {
    route: 'audit.list',
    description: 'list events, newest first',
    options: { ...EVENT_FILTERS, ...NO_EXPORT },
    schema: 'crosswalk.events/v1',
    limit: 50,
    columns: {
      time: ({ time }) => time,
      log: ({ log }) => log,
      chain: ({ chain }) => chain,
      seq: ({ seq }) => seq,
      type: ({ type }) => type,
      outcome: ({ outcome }) => outcome,
      code: ({ code }: FullEvent) => code,
      by: ({ actor }: FullEvent) => actor?.id,
      kind: ({ target }: FullEvent) => target?.kind,
      target: ({ target }: FullEvent) => target?.id,
      why: ({ reason }: FullEvent) => reason,
      id: ({ id }) => id,
    },
    line: renderEvent,
  })
  addTail(audit, terminal, {
    route: 'audit.list',
    description: 'follow events as they are recorded',
    options: { ...EVENT_FILTERS, ...NO_EXPORT },
    idOf: ({ id }) => id,
    timeOf: ({ time }) => time,
    render: renderEvent,
  })
  const copy = addOptions(
    audit
      .command('export')
      .description('export events as NDJSON, chain by chain, oldest first; -o json writes one document'),
    EXPORT_FILTERS,
  )
  addAdminOptions(copy).action((options: AdminOptions) => exportEvents(terminal, options))
  addPackCommand(audit, terminal)
  addStreamCommands(audit, terminal)
  addVerificationCommands(audit, terminal)
  addRetentionCommands(audit, terminal)
}

export function renderEvent(event: FullEvent): string {
  const { time, chain, seq, type, outcome, code, actor, target } = event
  const about = target === undefined ? '' : `  ${target.kind} ${target.id}`
  return sanitize(
    `${time}  ${chain}#${seq}  ${type}  ${outcome}${code === undefined ? '' : ` ${code}`}  by ${actor?.id ?? 'unknown'}${about}`,
  )
}

/** Written as it arrives, so that logs of any size fit. */
async function exportEvents(terminal: CommandTerminal, options: AdminOptions): Promise<void> {
  const filters = readOptions(EXPORT_FILTERS, { ...options }, { nowMs: terminal.nowMs(), direction: 'ago' })
  const total =
    Object.keys(filters).length === 0 ? await countEvents(terminal, options).catch(() => ({})) : {}
  const { body } = await requestStream(terminal, options, { path: '/audit-events', filters, accept: NDJSON })
  const lines = body.pipeThrough(new TextDecoderStream())
  const counted = countLines(lines, startProgress(terminal, { noun: 'event', ...total }))
  const text = options.output === 'json' ? toDocument(counted, 'crosswalk.events/v1') : counted
  for await (const chunk of text) terminal.writeOut(chunk)
}

/** The number of events in an unfiltered export, for the progress display of a terminal. */
async function countEvents(terminal: CommandTerminal, options: AdminOptions): Promise<{ total?: number }> {
  if (terminal.rewriteErr === undefined) return {}
  let total = 0
  await withAdmin(terminal, options, async ({ client }) => {
    const { logs } = (await client.call('audit-retention.read', {})).body
    total = logs.reduce((sum, { begins, ends }) => sum + ends - begins + 1, 0)
  })
  return { total }
}

async function* countLines(chunks: AsyncIterable<string>, progress: Progress): AsyncGenerator<string> {
  let lines = 0
  for await (const chunk of chunks) {
    lines += chunk.split('\n').length - 1
    progress.update(lines)
    yield chunk
  }
  progress.end()
}

/** Wraps NDJSON in one JSON document while it streams. */
async function* toDocument(lines: AsyncIterable<string>, schema: string): AsyncGenerator<string> {
  yield `{"schema":${JSON.stringify(schema)},"items":[\n`
  let isLineOver = false
  for await (const chunk of lines) {
    if (chunk === '') continue
    // A JSON line contains no line break, and no comma may follow the last one.
    yield `${isLineOver ? ',\n' : ''}${chunk.replace(/\n$/, '').replaceAll('\n', ',\n')}`
    isLineOver = chunk.endsWith('\n')
  }
  yield '\n]}\n'
}
