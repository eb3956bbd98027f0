// The table of outages per round, and the counts of responses.
import { type Attempt, measureOutage, median } from './invariants.ts'

export interface PlayedRound {
  readonly title: string
  readonly attempts: readonly Attempt[]
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

export function renderRounds(rounds: readonly PlayedRound[]): string {
  const outages = rounds.map(({ attempts }) => measureOutage(attempts))
  const rows = rounds.map(({ title, attempts }, index) => {
    const { failed = 0, unavailableMs = 0, longestGapMs = 0 } = outages[index] ?? {}
    return [title, String(attempts.length), String(failed), seconds(unavailableMs), seconds(longestGapMs)]
  })
  const times = outages.map(({ unavailableMs }) => unavailableMs)
  return [
    renderTable([['Round', 'Requests', 'Failed', 'Unavailable', 'Longest gap'], ...rows]),
    `unavailable: median ${seconds(median(times))}, worst ${seconds(Math.max(...times))}`,
  ].join('\n')
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

export function countAnswers(attempts: readonly Attempt[]): string {
  const counts = new Map<string, number>()
  for (const { leg, text } of attempts)
    counts.set(`${leg}: ${text}`, (counts.get(`${leg}: ${text}`) ?? 0) + 1)
  const lines = [...counts].sort().map(([text, count]) => `  ${String(count).padStart(6)}  ${text}`)
  return ['responses:', ...lines].join('\n')
}
