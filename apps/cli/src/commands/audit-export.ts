// `crosswalk audit export`: writes events as they arrive, so that logs of any size fit. If the connection breaks, because the
// reader paused for longer than the server waits or a node restarted, the export continues after the last event.
import { NDJSON, ROUTES } from '@crosswalk/admin-api'
import type { Command } from 'commander'

import { addAdminOptions, type AdminOptions, withAdmin } from '../admin/admin-options.ts'
import { requestStream } from '../admin/request-stream.ts'
import { addOptions, listOptions, readOptions } from '../admin/route-options.ts'
import { CliError, renderError, toErrorDocument } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { count } from '../output.ts'
import { type Progress, startProgress } from '../progress/progress.ts'
import type { CommandTerminal } from '../terminal.ts'
import { EVENT_FILTERS } from './audit-filters.ts'

const EXPORT_FILTERS = listOptions(ROUTES['audit.list'].query, {
  ...EVENT_FILTERS,
  afterSeq: {
    flags: '--after-seq <positions>',
    description: 'the event of each chain to begin after: idp:120,as:todo0:44',
  },
  format: 'native events, or OCSF; native by default',
})

export function addExportCommand(audit: Command, terminal: CommandTerminal): void {
  const command = addOptions(
    audit
      .command('export')
      .description('export events as NDJSON, chain by chain, oldest first; -o json writes one document'),
    EXPORT_FILTERS,
  )
  addAdminOptions(command).action((options: AdminOptions) => exportEvents(terminal, options))
}

async function exportEvents(terminal: CommandTerminal, options: AdminOptions): Promise<void> {
  const filters: Filters = readOptions(
    EXPORT_FILTERS,
    { ...options },
    { nowMs: terminal.nowMs(), direction: 'ago' },
  )
  const total =
    Object.keys(filters).length === 0 ? await countEvents(terminal, options).catch(() => ({})) : {}
  const counted = countLines(
    readEvents(terminal, options, filters),
    startProgress(terminal, { noun: 'event', ...total }),
  )
  if (options.output === 'json') await writeDocument(terminal, counted)
  else for await (const lines of counted) terminal.writeOut(lines)
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

type Filters = Readonly<Record<string, unknown>>

/** Complete lines, so that a broken connection leaves no half event. */
async function* readEvents(
  terminal: CommandTerminal,
  options: AdminOptions,
  filters: Filters,
): AsyncGenerator<string> {
  const positions = parsePositions(filters)
  let asked = filters
  let events = 0
  for (;;) {
    const before = events
    try {
      for await (const lines of requestLines(terminal, options, asked)) {
        events += rememberPositions(lines, positions)
        yield lines
      }
      return
    } catch (error) {
      if (events === 0 && error instanceof CliError) throw error
      const afterSeq = [...positions].map(([chain, seq]) => `${chain}:${seq}`).join(',')
      if (events === before) throw explainBreak(error, events, afterSeq)
      asked = { ...filters, afterSeq }
    }
  }
}

async function* requestLines(
  terminal: CommandTerminal,
  options: AdminOptions,
  filters: Filters,
): AsyncGenerator<string> {
  const { body } = await requestStream(terminal, options, { path: '/audit-events', filters, accept: NDJSON })
  let rest = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const text = rest + chunk
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    if (end > 0) yield text.slice(0, end)
  }
  if (rest !== '') yield rest
}

/** @returns the last event of each chain that `--after-seq` names */
function parsePositions({ afterSeq = '', log }: Filters): Map<string, number> {
  const parts = String(afterSeq)
    .split(',')
    .filter((part) => part !== '')
  return new Map(
    parts.map((part) => {
      const at = part.lastIndexOf(':')
      return [at < 0 ? String(log) : part.slice(0, at), Number(part.slice(at + 1))] as const
    }),
  )
}

/** @returns the number of lines */
function rememberPositions(lines: string, positions: Map<string, number>): number {
  const events = lines.split('\n').filter((line) => line !== '')
  for (const line of events) {
    const { chain, seq } = readPlace(line)
    if (chain !== undefined && seq !== undefined) positions.set(chain, seq)
  }
  return events.length
}

interface Place {
  readonly chain?: string
  readonly seq?: number
}

/** @returns the chain and number of an event in either format; neither if the line is not an event */
function readPlace(line: string): Place {
  try {
    const event = JSON.parse(line) as Place & { readonly unmapped?: { readonly chain?: Place } }
    return event.unmapped?.chain ?? event
  } catch {
    return {}
  }
}

function explainBreak(error: unknown, events: number, afterSeq: string): CliError {
  return new CliError(
    EXIT.network,
    events === 0
      ? 'the server closed the connection'
      : `the connection to the server broke after ${count(events, 'event')}`,
    events === 0 ? 'see the server log, and try again' : `continue with --after-seq ${afterSeq}`,
    { why: error instanceof Error ? error.message : String(error) },
  )
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

/** Wraps NDJSON in one JSON document while it streams. An error after the first event ends the document. */
async function writeDocument(terminal: CommandTerminal, lines: AsyncIterable<string>): Promise<void> {
  const begin = '{"schema":"crosswalk.events/v1","items":[\n'
  let before = begin
  try {
    for await (const chunk of lines) {
      // A JSON line contains no line break, and no comma may follow the last one.
      terminal.writeOut(`${before}${chunk.replace(/\n$/, '').replaceAll('\n', ',\n')}`)
      before = chunk.endsWith('\n') ? ',\n' : ''
    }
    terminal.writeOut(`${before === begin ? begin : ''}\n]}\n`)
  } catch (error) {
    if (before === begin || !(error instanceof CliError)) throw error
    terminal.writeOut(`\n],"error":${JSON.stringify(toErrorDocument(error).error)}}\n`)
    terminal.writeErr(renderError(error))
    terminal.endWith(error.exitCode)
  }
}
