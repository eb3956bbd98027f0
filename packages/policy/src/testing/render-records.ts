// Renders decision records as text: the first completely, the others as differences from it. English sentences are
// omitted.
import type { Check, DecisionRecord } from '@crosswalk/protocol'

/** @param records - by description of the request */
export function renderRecords(
  base: DecisionRecord,
  records: readonly (readonly [string, DecisionRecord])[],
): string {
  const known = renderRecord(base)
  const parts = records.map(([title, record]) => {
    const lines = renderRecord(record)
    const missing = listMissing(base, record)
    return [
      `## ${title}`,
      ...(missing.length === 0 ? [] : [`not checked: ${missing.join(' ')}`]),
      ...lines.filter((line) => !known.includes(line)),
    ].join('\n')
  })
  return `${[known.join('\n'), ...parts].join('\n\n')}\n`
}

function renderRecord({ checks, summary: _, remedies: __, wire, ...record }: DecisionRecord): string[] {
  const { error_description: ___, ...answer } = wire
  return [
    ...Object.entries({ ...record, wire: answer }).map(
      ([name, value]) => `${name}: ${JSON.stringify(value)}`,
    ),
    ...checks.filter(({ result }) => result !== 'skipped').map(renderCheck),
    ...renderSkipped(checks),
  ]
}

function renderCheck({ id, result, code, ...detail }: Check): string {
  const words = [id, result, ...(code === undefined ? [] : [code])]
  return Object.keys(detail).length === 0 ? words.join(' ') : `${words.join(' ')} ${JSON.stringify(detail)}`
}

/** @throws Error if the check that others were skipped for neither failed nor was skipped itself */
function renderSkipped(checks: readonly Check[]): readonly string[] {
  const skipped = Map.groupBy(
    checks.filter(({ result }) => result === 'skipped'),
    ({ because }) => because,
  )
  for (const because of skipped.keys())
    if (!checks.some(({ id, result }) => id === because && (result === 'fail' || result === 'skipped')))
      throw new Error(`checks were skipped because of ${String(because)}, which did not fail`)
  return [...skipped].map(
    ([because, ones]) => `skipped because of ${String(because)}: ${ones.map(({ id }) => id).join(' ')}`,
  )
}

function listMissing(base: DecisionRecord, { checks }: DecisionRecord): readonly string[] {
  return base.checks.map(({ id }) => id).filter((id) => !checks.some((check) => check.id === id))
}
