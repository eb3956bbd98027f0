/** A table for spreadsheets (RFC 4180), with the row of headings first. */
export function renderCsv(
  headings: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  return [headings, ...rows]
    .map((row) => `${row.map((cell) => renderCell(cell ?? '')).join(',')}\r\n`)
    .join('')
}

/** A name that a user chose must not run as a formula where the table is opened. */
function renderCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
