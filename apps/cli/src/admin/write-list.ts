// Prints a list: a table for the terminal, CSV for spreadsheets, Markdown for tickets, one JSON or YAML document, or
// NDJSON.
import { type Command, Option } from 'commander'
import { renderCsv } from '@crosswalk/protocol'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { type AdminCommand, addServerOptions, type ListFormat } from './admin-options.ts'
import { writeYaml } from './show-object.ts'
import { renderMarkdown, renderTable } from './table.ts'

export interface WrittenList {
  /** `crosswalk.connections/v1` */
  readonly schema: string
  readonly items: readonly unknown[]
  /** Undefined if the list is always complete */
  readonly truncated?: boolean
  readonly headings: readonly string[]
  readonly rows: readonly (readonly (string | undefined)[])[]
}

/**
 * Like `addAdminOptions`, for lists.
 * @param headings - the columns, for the help
 * @param standard - `text` for lists that print one detailed line per item instead of a table
 */
export function addListOptions(
  command: Command,
  headings: readonly string[],
  standard: ListFormat = 'table',
): Command {
  const formats: readonly ListFormat[] = ['table', 'json', 'yaml', 'ndjson', 'csv', 'md', 'text']
  const output = new Option('-o, --output <format>', 'output format')
    .choices(formats)
    .default(standard)
    .env('CROSSWALK_OUTPUT')
  const columns = new Option(
    '--columns <names>',
    `columns of a table, CSV or Markdown, in this order, separated by commas: ${headings.join(',')}`,
  ).argParser((text) => text.split(',').map((name) => name.trim()))
  return addServerOptions(command).addOption(output).addOption(columns)
}

const WITHOUT_COLUMNS: readonly ListFormat[] = ['json', 'yaml', 'ndjson']

export function writeList(
  { terminal, options }: Pick<AdminCommand, 'terminal' | 'options'>,
  { schema, items, truncated, ...table }: WrittenList,
): void {
  const { output, columns } = options
  if (columns !== undefined && WITHOUT_COLUMNS.includes(output))
    throw new CliError(EXIT.usage, `--columns does not apply to ${output}`, 'use -o table, -o csv or -o md')
  const document = { schema, items, ...(truncated === undefined ? {} : { truncated }) }
  if (output === 'json') return writeJson(terminal, document)
  if (output === 'yaml') return writeYaml(terminal, document)
  const chosen = columns === undefined ? table : chooseColumns(table, columns)
  terminal.writeOut(renderItems(output, { items, ...chosen }))
  warnTruncated(terminal, truncated === true)
}

type Table = Pick<WrittenList, 'headings' | 'rows'>

function chooseColumns({ headings, rows }: Table, columns: readonly string[]): Table {
  const unknown = columns.filter((name) => !headings.includes(name))
  if (unknown.length > 0)
    throw new CliError(EXIT.usage, `no column ${unknown.join(', ')}`, `choose from ${headings.join(',')}`)
  const places = columns.map((name) => headings.indexOf(name))
  return { headings: columns, rows: rows.map((row) => places.map((place) => row[place])) }
}

function renderItems(
  format: ListFormat,
  { items, headings, rows }: Pick<WrittenList, 'items' | 'headings' | 'rows'>,
): string {
  if (format === 'ndjson') return items.map((item) => `${JSON.stringify(item)}\n`).join('')
  if (format === 'csv') return renderCsv(headings, rows)
  return format === 'md' ? renderMarkdown(headings, rows) : renderTable(headings, rows)
}

export function writeLines(terminal: CommandTerminal, lines: readonly string[], truncated: boolean): void {
  terminal.writeOut(lines.length === 0 ? 'none\n' : lines.map((line) => `${line}\n`).join(''))
  warnTruncated(terminal, truncated)
}

function warnTruncated(terminal: CommandTerminal, truncated: boolean): void {
  if (truncated) terminal.writeErr('there are more; raise --limit\n')
}
