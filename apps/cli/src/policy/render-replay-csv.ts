// The differences that a draft makes as CSV, one line per changed decision.
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
