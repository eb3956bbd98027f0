// What a draft would have changed as a table for spreadsheets (RFC 4180): a line for each decision that differs.
import type { ReplayReportBody } from '@crosswalk/admin-api'

const COLUMNS = ['kind', 'decision', 'time', 'app', 'user', 'target', 'from', 'to', 'summary']

export function renderReplayCsv({ groups }: ReplayReportBody): string {
  const rows = groups.flatMap(({ kind, examples }) =>
    examples.map(({ decisionId, time, app, user, target, from, to, summary }) => [
      kind,
      decisionId,
      time,
      app,
      user,
      target,
      from,
      to,
      summary,
    ]),
  )
  return [COLUMNS, ...rows].map((row) => `${row.map(renderCell).join(',')}\r\n`).join('')
}

/** A name that somebody chose must not run as a formula where the table is opened. */
function renderCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
