// Prints a list: a table for the terminal, CSV for spreadsheets, one JSON document, or NDJSON.
import { type Command, Option } from 'commander'
import { renderCsv } from '@crosswalk/protocol'

import { writeJson } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { type AdminCommand, addServerOptions, type ListFormat } from './admin-options.ts'
import { renderTable } from './table.ts'

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
 * @param standard - `text` for lists that print one detailed line per item instead of a table
 */
export function addListOptions(command: Command, standard: ListFormat = 'table'): Command {
  const formats: readonly ListFormat[] = ['table', 'json', 'ndjson', 'csv', 'text']
  const output = new Option('-o, --output <format>', 'output format')
    .choices(formats)
    .default(standard)
    .env('CROSSWALK_OUTPUT')
  return addServerOptions(command).addOption(output)
}

export function writeList(
  { terminal, options }: Pick<AdminCommand, 'terminal' | 'options'>,
  { schema, items, truncated, headings, rows }: WrittenList,
): void {
  if (options.output === 'json')
    return writeJson(terminal, { schema, items, ...(truncated === undefined ? {} : { truncated }) })
  terminal.writeOut(renderItems(options.output, { items, headings, rows }))
  warnTruncated(terminal, truncated === true)
}

function renderItems(
  format: ListFormat,
  { items, headings, rows }: Pick<WrittenList, 'items' | 'headings' | 'rows'>,
): string {
  if (format === 'ndjson') return items.map((item) => `${JSON.stringify(item)}\n`).join('')
  return format === 'csv' ? renderCsv(headings, rows) : renderTable(headings, rows)
}

export function writeLines(terminal: CommandTerminal, lines: readonly string[], truncated: boolean): void {
  terminal.writeOut(lines.length === 0 ? 'none\n' : lines.map((line) => `${line}\n`).join(''))
  warnTruncated(terminal, truncated)
}

function warnTruncated(terminal: CommandTerminal, truncated: boolean): void {
  if (truncated) terminal.writeErr('there are more; raise --limit\n')
}
