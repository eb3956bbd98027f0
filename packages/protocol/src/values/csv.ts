/** Renders a table for spreadsheets (RFC 4180), starting with the header row. */
export function renderCsv(
  headings: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  return [headings, ...rows]
    .map((row) => `${row.map((cell) => renderCell(cell ?? '')).join(',')}\r\n`)
    .join('')
}

/** A name that a user chose must not run as a formula in a spreadsheet. */
function renderCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
