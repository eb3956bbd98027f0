// What a draft would have changed as a table for spreadsheets: a line for each decision that differs.
import type { ReplayReportBody } from '@crosswalk/admin-api'
import { renderCsv } from '@crosswalk/protocol'

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
  return renderCsv(COLUMNS, rows)
}
