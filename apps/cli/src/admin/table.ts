// Rows for the terminal: aligned columns, without control characters.
import { cutText } from '@crosswalk/protocol'

export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  if (rows.length === 0) return 'none\n'
  const cells = [headings, ...rows].map((row) => row.map((cell) => sanitize(cell ?? '–')))
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}

/** @returns the lines of the table */
export function listLines(...table: Parameters<typeof renderTable>): readonly string[] {
  return renderTable(...table)
    .trimEnd()
    .split('\n')
}

/** @returns the lines of one item, under the headings of its list */
export function listRow<Item>(
  columns: Readonly<Record<string, (item: Item) => string>>,
  item: Item,
): readonly string[] {
  return listLines(Object.keys(columns), [Object.values(columns).map((read) => read(item))])
}

/** A table of GitHub Flavored Markdown, in which no value is markup. */
export function renderMarkdown(
  headings: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  const lines = [headings, headings.map(() => '---'), ...rows.map((row) => row.map(escapeMarkdown))]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

function escapeMarkdown(cell = '–'): string {
  return sanitize(cell).replace(/[\\`*_{}[\]<>|~!#&@]/g, (character) => `\\${character}`)
}

const MAX_LINE = 2000

/** For lines that quote another server, which may send values of any length. */
export function sanitizeLine(text: string): string {
  const line = sanitize(text)
  return line.length > MAX_LINE ? `${cutText(line, MAX_LINE)} … (${line.length} characters)` : line
}

/** Control characters of hostile values must not reach the terminal. */
export function sanitize(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{fffd}')
}
