// The table of one database: every query with its percentiles, and which of them miss the target.
import type { Timing } from './ask-questions.ts'

export const TARGET_MS = 200

export function renderTimings(timings: readonly Timing[]): string {
  const missed = timings.filter(({ times }) => percentile(times, 0.95) > TARGET_MS)
  const worst = Math.max(...timings.map(({ times }) => percentile(times, 0.95)))
  return [
    renderRow(['list', 'query', 'page', 'rows', 'p50 ms', 'p95 ms', 'max ms']),
    ...timings.map(renderTiming),
    `  ${timings.length} queries, slowest p95 ${worst.toFixed(0)} ms, above ${TARGET_MS} ms: ${missed.length}`,
  ].join('\n')
}

function renderTiming({ question: { route, about }, page, rows, times }: Timing): string {
  const p95 = percentile(times, 0.95)
  return renderRow([
    route,
    about,
    page,
    rows === undefined ? '' : String(rows),
    percentile(times, 0.5).toFixed(1),
    p95.toFixed(1),
    (times.at(-1) ?? NaN).toFixed(1) + (p95 > TARGET_MS ? ' MISSED' : ''),
  ])
}

/** @param times - ascending */
function percentile(times: readonly number[], part: number): number {
  return times[Math.max(0, Math.ceil(times.length * part) - 1)] ?? NaN
}

const WIDTHS = [20, 48, 5] as const

function renderRow(cells: readonly string[]): string {
  return `  ${cells.map((cell, index) => pad(cell, index)).join('  ')}`
}

function pad(cell: string, index: number): string {
  const width = WIDTHS[index]
  return width === undefined ? cell.padStart(8) : cell.slice(0, width).padEnd(width)
}
