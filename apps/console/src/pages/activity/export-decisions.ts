// Exports filtered decisions: complete records as NDJSON, or the table's columns as CSV.
import { readPages } from '@crosswalk/admin-api'
import { renderCsv } from '@crosswalk/protocol'

import { adminApi } from '../../api/client.ts'
import type { Decision } from '../../components/decision/check-groups.ts'
import { saveFile, fileStamp } from '../../components/save-file.ts'

const MAX_ITEMS = 10_000

export type ExportFormat = 'csv' | 'ndjson'

/** @returns the number of exported decisions, and whether there are more */
export async function exportDecisions(
  query: Readonly<Record<string, string>>,
  format: ExportFormat,
): Promise<{ readonly count: number; readonly truncated: boolean }> {
  const { items, truncated } = await readPages(MAX_ITEMS, async (page) => {
    const { body } = await adminApi.call('decisions.list', { query: { ...query, ...page } })
    return body
  })
  saveFile({
    name: `crosswalk-decisions-${fileStamp()}.${format}`,
    type: format === 'csv' ? 'text/csv' : 'application/x-ndjson',
    content:
      format === 'csv' ? renderDecisions(items) : items.map((item) => `${JSON.stringify(item)}\n`).join(''),
  })
  return { count: items.length, truncated }
}

const COLUMNS: Readonly<Record<string, (decision: Decision) => string>> = {
  time: ({ time }) => time,
  outcome: ({ outcome }) => outcome,
  code: ({ code }) => code,
  stage: ({ stage }) => stage,
  user: ({ request }) => request.subject?.ref ?? '',
  app: ({ request }) => request.requesting_app?.id ?? '',
  resource_app: ({ resolution }) => resolution.resource_app ?? '',
  connection: ({ resolution }) => resolution.connection ?? '',
  scopes: ({ request }) => request.scope.join(' '),
  granted: ({ granted }) => granted?.scope.join(' ') ?? '',
  summary: ({ summary }) => summary.admin,
  decision: ({ decision_id }) => decision_id,
  trace: ({ trace_id }) => trace_id,
}

export function renderDecisions(decisions: readonly Decision[]): string {
  const rows = decisions.map((decision) => Object.values(COLUMNS).map((read) => read(decision)))
  return renderCsv(Object.keys(COLUMNS), rows)
}
